/// A line of at most `Line.capacity` bytes, so that one `write` to a pipe takes all of it
/// (`PIPE_BUF`, pipe(7)). What does not fit is cut off. The newline always fits.
public struct Line: ~Copyable {
  /// The most bytes that a line holds, its newline included.
  public static let capacity = 4096

  private var bytes = InlineArray<4096, UInt8>(repeating: 0)
  /// How many bytes there are.
  public private(set) var count = 0
  /// How many bytes may be added before the newline.
  private var limit = Line.capacity - 1
  /// Whether bytes were cut off.
  private var isCut = false
  /// Whether the bytes are those of a string in JSON, in which a quote or a backslash has a backslash
  /// before it. Nothing that is appended then is a control character.
  var isInString = false

  /// An empty line.
  public init() {}

  /// Cuts the line off after so many bytes, and so at the latest after as many columns: no character is
  /// wider than its bytes are many.
  public mutating func limit(to bytes: Int) { limit = bytes }

  /// Adds a byte.
  @inline(never)
  public mutating func append(byte: UInt8) {
    if isInString && (byte == .ascii("\"") || byte == .ascii("\\")) { store(.ascii("\\")) }
    store(byte)
  }

  @inline(never)
  private mutating func store(_ byte: UInt8) {
    guard 0..<Line.capacity - 1 ~= count, count < limit else {
      isCut = true
      return
    }
    bytes[count] = byte
    count &+= 1
  }

  /// Adds bytes without escaping.
  @inline(never)
  public mutating func append(_ text: Text) {
    for index in text.indices { append(byte: text[index]) }
  }

  /// Adds a number in decimal.
  public mutating func append(_ number: Int) { append(Int64(number)) }

  /// Adds a number in decimal.
  public mutating func append(_ number: Int64) {
    if number < 0 { append("-") }
    append(digitsOf: number.magnitude)
  }

  private mutating func append(digitsOf number: UInt64) {
    if number >= 10 { append(digitsOf: number / 10) }
    append(byte: .ascii("0") &+ UInt8(truncatingIfNeeded: number % 10))
  }

  /// Adds `SIGTERM`, `SIGRTMIN+3`, or `signal 32` for one that has no name.
  public mutating func append(_ signal: Signal) {
    let offset = Int(signal.rawValue) &- Int(Signal.realTimeMinimum.rawValue)
    if let name = signal.shortName {
      append("SIG")
      append(name)
    } else if offset >= 0 && signal.rawValue <= Signal.last.rawValue {
      append("SIGRTMIN")
      if offset > 0 {
        append("+")
        append(offset)
      }
    } else {
      append("signal ")
      append(Int(signal.rawValue))
    }
  }

  /// Adds the description of an error.
  public mutating func append(_ error: SystemError) {
    if let words = error.words {
      append(words)
    } else {
      append("error ")
      append(Int(error.rawValue))
    }
  }

  /// Adds the last digits of a number, with leading zeros.
  mutating func append(_ number: Int64, digits: Int) {
    if digits > 1 { append(number / 10, digits: digits - 1) }
    append(byte: .ascii("0") &+ UInt8(truncatingIfNeeded: number % 10))
  }

  /// Ends the line, after a whole character.
  public mutating func end() {
    if isCut { dropCharacter() }
    guard 0..<Line.capacity ~= count else { return }
    bytes[count] = .ascii("\n")
    count &+= 1
  }

  /// Drops the last character unless it is ASCII: there may not have been room for all of it. The
  /// first byte of such a character is 0xc0 or more, the others are from 0x80 to 0xbf; see RFC 3629.
  private mutating func dropCharacter() {
    var last = count &- 1
    while 0..<Line.capacity ~= last, bytes[last] >= 0x80 {
      count = last
      if bytes[last] >= 0xc0 { return }
      last &-= 1
    }
  }

  /// Removes all bytes.
  public mutating func removeAll() {
    count = 0
    isCut = false
  }

  /// Calls `body` with the bytes, which it must not keep.
  @unsafe public func withText<Result>(_ body: (Text) -> Result) -> Result {
    let count = count
    return unsafe bytes.span.withUnsafeBytes { whole in
      unsafe body(whole.baseAddress.map { unsafe Text($0, count: count) } ?? "")
    }
  }
}
