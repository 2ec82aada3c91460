/// The number of a process in swinit's own PID namespace.
public struct ProcessID: RawRepresentable, Equatable, Sendable {
  /// The number.
  public let rawValue: Int32
  /// A process from its number.
  public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// The name that the kernel keeps of a process, at most 15 bytes; see comm in proc(5).
public struct ProcessName: Sendable {
  private var bytes = InlineArray<16, UInt8>(repeating: 0)
  private var length: UInt8 = 0

  /// How many bytes there are.
  public var count: Int { Int(length) }

  /// A name without bytes, as of a process whose name couldn't be read.
  public init() {}

  /// Adds a byte; one too many is left out.
  public mutating func append(_ byte: UInt8) {
    guard count < bytes.count else { return }
    bytes[count] = byte
    length += 1
  }

  /// The byte at `index`, counted from zero; it must be less than `count`.
  public subscript(index: Int) -> UInt8 { bytes[index] }
}
