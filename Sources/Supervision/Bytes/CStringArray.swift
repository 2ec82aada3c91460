/// The NULL-terminated array of C strings that a program is started with: `argv` or `envp`, which
/// live as long as the process.
@safe
public struct CStringArray {
  /// The array itself, for a system call that takes it.
  public let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  /// How many strings there are.
  public private(set) var count: Int

  /// The strings before the first NULL in the array, which must live as long as the process.
  @inline(never)  // 80 bytes
  public init(_ pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    var count = 0
    while unsafe pointer[count] != nil { count &+= 1 }
    unsafe self.pointer = pointer
    self.count = count
  }

  /// The string at `index`, counted from zero, nil past the last.
  public subscript(index: Int) -> Text? {
    guard index >= 0 && index < count, let string = unsafe pointer[index] else { return nil }
    return unsafe Text(cString: string)
  }

  /// The strings from an index on.
  public func dropFirst(_ number: Int) -> CStringArray {
    unsafe CStringArray(pointer + min(max(number, 0), count))
  }

  /// Puts another string in the place of the one at an index, which must be there.
  public func replace(at index: Int, with string: CString) {
    guard index >= 0 && index < count else { return }
    unsafe pointer[index] = UnsafeMutablePointer(mutating: string.pointer)
  }

  /// Puts another string in the place of the one before the first: this array must have been made by
  /// `dropFirst`.
  public mutating func extendToFront(with string: CString) {
    unsafe self = CStringArray(pointer - 1)
    replace(at: 0, with: string)
  }

  /// The value of the environment variable with this name, the first of several, as getenv(3)
  /// finds it.
  @inline(never)  // 112 bytes
  func value(of name: Text) -> Text? {
    guard let index = index(of: name) else { return nil }
    return self[index]?.dropFirst(name.count &+ 1)
  }

  /// The index of the first string `name=value`.
  func index(of name: Text) -> Int? {
    for index in SafeRange(count) where isVariable(index, named: name) { return index }
    return nil
  }

  /// Removes all strings `name=value` from the array.
  @inline(never)  // in two places
  public mutating func removeAll(named name: Text) {
    var kept = 0
    for index in SafeRange(count) where !isVariable(index, named: name) {
      if kept != index { unsafe pointer[kept] = pointer[index] }
      kept &+= 1
    }
    if kept != count { unsafe pointer[kept] = nil }
    count = kept
  }

  /// Whether the string at `index` is `name=value`. Most differ in the first bytes, so that the
  /// rest isn't looked at.
  private func isVariable(_ index: Int, named name: Text) -> Bool {
    guard let string = unsafe pointer[index] else { return false }
    var length = 0
    while length < name.count {
      guard unsafe UInt8(bitPattern: string[length]) == name[length] else { return false }
      length &+= 1
    }
    return unsafe UInt8(bitPattern: string[length]) == .ascii("=")
  }
}
