/// A message while it is put together: at most `Line.capacity` bytes, so that one `write` to a
/// pipe takes it whole (`PIPE_BUF`, pipe(7)). What doesn't fit is cut off; the newline always fits.
public struct Line: ~Copyable {
  /// The most bytes that a line holds, its newline included.
  public static let capacity = 4096

  private var bytes = InlineArray<4096, UInt8>(repeating: 0)
  /// How many bytes there are.
  public private(set) var count = 0
  /// Whether some bytes didn't fit.
  private var isCut = false

  /// A line without bytes.
  public init() {}

  /// Adds a byte.
  @inline(never)
  public mutating func append(byte: UInt8) {
    guard 0..<Line.capacity - 1 ~= count else {
      isCut = true
      return
    }
    bytes[count] = byte
    count &+= 1
  }

  /// Adds bytes as they are.
  @inline(never)
  public mutating func append(_ text: Text) {
    for index in text.indices { append(byte: text[index]) }
  }

  /// Adds a number in decimal digits.
  public mutating func append(_ number: Int) { append(Int64(number)) }

  /// The same.
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

  /// Adds what the error means.
  public mutating func append(_ error: SystemError) {
    if let words = error.words {
      append(words)
    } else {
      append("error ")
      append(Int(error.rawValue))
    }
  }

  /// Adds the last digits of a number, with zeros before.
  @inline(never)
  mutating func append(_ number: Int64, digits: Int) {
    if digits > 1 { append(number / 10, digits: digits - 1) }
    append(byte: .ascii("0") &+ UInt8(truncatingIfNeeded: number % 10))
  }

  /// Ends the line, after a whole character.
  public mutating func end() {
    if isCut {
      while last & 0xc0 == 0x80 { count &-= 1 }
      if last >= 0xc0 { count &-= 1 }
    }
    guard 0..<Line.capacity ~= count else { return }
    bytes[count] = .ascii("\n")
    count &+= 1
  }

  /// The last byte, zero if there is none.
  private var last: UInt8 {
    let index = count &- 1
    return 0..<Line.capacity ~= index ? bytes[index] : 0
  }

  /// Lends the bytes to `body`, for a `write`.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let count = count
    return unsafe bytes.span.withUnsafeBytes { whole in
      unsafe body(UnsafeRawBufferPointer(start: whole.baseAddress, count: count))
    }
  }
}
