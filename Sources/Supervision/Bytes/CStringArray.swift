/// The NULL-terminated array of C strings that a program is started with: `argv` or `envp`, which
/// live as long as the process.
@safe
public struct CStringArray {
  /// The array itself, for a system call that takes it.
  public let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  /// How many strings there are.
  public let count: Int

  /// The strings before the first NULL in the array, which must live as long as the process.
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
}
