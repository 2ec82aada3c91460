/// Bytes in memory that outlives all its users, such as an argument or a variable of the environment.
///
/// It is not a `String`: the kernel passes strings with any bytes but NUL, and `String` alone
/// would double the size of the program.
@safe
public struct Text: ExpressibleByStringLiteral, Sendable {
  /// The first byte, for a system call that takes it. The bytes are never written.
  public nonisolated(unsafe) let pointer: UnsafePointer<UInt8>
  /// How many bytes there are.
  public let count: Int

  /// The bytes of a C string up to its NUL, which must live as long as the process.
  @inline(never)  // 544 bytes
  public init(cString: UnsafePointer<CChar>) {
    var count = 0
    while unsafe cString[count] != 0 { count &+= 1 }
    unsafe self.init(UnsafeRawPointer(cString), count: count)
  }

  /// `count` bytes from `start`, which must live as long as the text is used.
  public init(_ start: UnsafeRawPointer, count: Int) {
    unsafe pointer = start.assumingMemoryBound(to: UInt8.self)
    self.count = count
  }

  /// A literal; a NUL follows it.
  @inline(__always)
  public init(stringLiteral literal: StaticString) {
    unsafe self.init(UnsafeRawPointer(literal.utf8Start), count: literal.utf8CodeUnitCount)
  }

  /// Whether there are no bytes.
  public var isEmpty: Bool { count == 0 }

  /// The byte at `index`, counted from zero; zero where there is none.
  public subscript(index: Int) -> UInt8 {
    guard index >= 0 && index < count else { return 0 }
    return unsafe pointer[index]
  }

  /// The indices of all bytes, from the first to the last.
  public var indices: SafeRange { SafeRange(count) }

  /// The same bytes as a string of C, if a NUL follows them.
  @unsafe public var cString: CString {
    unsafe CString(UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
  }

  /// The text without its first `length` bytes; nothing if it has fewer.
  @inline(never)  // 144 bytes
  public func dropFirst(_ length: Int) -> Text {
    let dropped = min(max(length, 0), count)
    return unsafe Text(pointer + dropped, count: count &- dropped)
  }

  /// The first `length` bytes; all of them if it has fewer.
  public func prefix(_ length: Int) -> Text {
    unsafe Text(pointer, count: min(max(length, 0), count))
  }

  /// Where `byte` comes first, or nil.
  public func firstIndex(of byte: UInt8) -> Int? {
    for index in indices where self[index] == byte { return index }
    return nil
  }

  /// Whether the text begins with these words.
  @inline(never)  // 96 bytes
  public func hasPrefix(_ words: Text) -> Bool {
    guard count >= words.count else { return false }
    for index in words.indices where self[index] != words[index] { return false }
    return true
  }

  /// What comes before the first `separator`, and what after it (nil without one).
  @inline(never)  // 672 bytes
  public func split(at separator: UInt8) -> (head: Text, tail: Text?) {
    guard let index = firstIndex(of: separator) else { return (self, nil) }
    return (prefix(index), dropFirst(index &+ 1))
  }

  /// The part with this index, counted from zero, of those with `separator` between; nothing past
  /// the last.
  @inline(never)  // 912 bytes
  func part(_ index: Int, separator: UInt8) -> Text {
    var (part, rest) = split(at: separator)
    for _ in SafeRange(index) {
      guard let tail = rest else { return dropFirst(count) }
      (part, rest) = tail.split(at: separator)
    }
    return part
  }

  /// The word with this index, counted from zero, of those with a space between; nothing past the
  /// last.
  public func word(_ index: Int) -> Text { part(index, separator: .ascii(" ")) }

  /// The index of this word among those with a space between, nil if it isn't there.
  func indexOfWord(_ word: Text) -> Int? { indexOfPart(word, separator: .ascii(" ")) }

  /// The index of the part that is these words, nil if none is.
  func indexOfPart(_ words: Text, separator: UInt8) -> Int? {
    var index = 0
    var rest: Text? = self
    while let (part, tail) = rest?.split(at: separator) {
      if part.isSame(as: words) { return index }
      rest = tail
      index &+= 1
    }
    return nil
  }

  /// The whole number that the text spells in decimal digits, or nil: no sign, no space, and at
  /// most `limit`.
  @inline(never)  // 400 bytes
  public func number(upTo limit: Int64) -> Int64? {
    guard !isEmpty else { return nil }
    var value: Int64 = 0
    for index in indices {
      guard self[index].isDecimalDigit else { return nil }
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let ones = Int64(self[index] &- .ascii("0"))
      guard !isTooLarge, tens <= limit, ones <= limit &- tens else { return nil }
      value = tens &+ ones
    }
    return value
  }

  /// The digits that it begins with.
  var prefixOfDigits: Text { prefix(from: .ascii("0"), through: .ascii("9")) }

  /// The letters from `a` to `z` that it begins with.
  var prefixOfLowercaseLetters: Text { prefix(from: .ascii("a"), through: .ascii("z")) }

  @inline(never)
  private func prefix(from lowest: UInt8, through highest: UInt8) -> Text {
    var length = 0
    while self[length] >= lowest && self[length] <= highest { length &+= 1 }
    return prefix(length)
  }

  /// The text without the spaces at either end.
  @inline(never)
  var trimmed: Text {
    var text = self
    while text[0] == .ascii(" ") { text = text.dropFirst(1) }
    while text[text.count &- 1] == .ascii(" ") { text = text.prefix(text.count &- 1) }
    return text
  }

  /// The index of this text, whatever the case of its letters, among words in upper case with a
  /// space between; nil if it isn't there.
  @inline(never)
  func indexCaseInsensitively(among words: Text) -> Int? {
    var index = 0
    var rest: Text? = words
    while let (word, tail) = rest?.split(at: .ascii(" ")) {
      if isCaseInsensitively(word) { return index }
      rest = tail
      index &+= 1
    }
    return nil
  }

  /// Whether the text is these words; lets a `switch` over a text read like one over strings.
  @inline(__always)
  public static func ~= (words: Text, text: Text) -> Bool { text.isSame(as: words) }

  @inline(never)  // 240 bytes
  func isSame(as other: Text) -> Bool { count == other.count && hasPrefix(other) }

  /// Whether the text is these words, whatever the case of its letters; `words` are upper case.
  @inline(never)  // 112 bytes
  public func isCaseInsensitively(_ words: Text) -> Bool {
    guard count == words.count else { return false }
    for index in indices where self[index].uppercased != words[index] { return false }
    return true
  }
}

extension Text: Hashable {
  /// Whether the bytes are the same.
  public static func == (one: Text, other: Text) -> Bool { one.isSame(as: other) }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    for index in indices { hasher.combine(self[index]) }
    hasher.combine(count)
  }
}

extension UInt8 {
  /// The byte of an ASCII character.
  public static func ascii(_ character: Unicode.Scalar) -> UInt8 {
    UInt8(truncatingIfNeeded: character.value)
  }

  /// Whether it is the ASCII character of a decimal digit.
  var isDecimalDigit: Bool { self >= .ascii("0") && self <= .ascii("9") }

  /// The same letter in upper case, if it is one of ASCII.
  var uppercased: UInt8 {
    self >= .ascii("a") && self <= .ascii("z") ? self &- 32 : self
  }
}
