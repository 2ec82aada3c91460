/// The number of a process in swinit's own PID namespace.
public struct ProcessID: RawRepresentable, Hashable, Sendable {
  /// The number.
  public let rawValue: Int32
  /// A process from its number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// A placeholder: no process has the number 0.
  public static var invalid: ProcessID { ProcessID(rawValue: 0) }

  /// The argument of kill(2) for the process group with this number.
  public var asGroup: Int32 { 0 &- rawValue }
}

/// The name that the kernel keeps of a process, at most 15 bytes; see proc_pid_comm(5).
public struct ProcessName: Hashable, Sendable {
  // Two words, and not sixteen bytes: the compiler would pass each byte separately.
  private var words: (UInt64, UInt64) = (0, 0)

  /// A name without bytes, as of a process whose name couldn't be read.
  public init() {}

  /// The first line of a file of the kernel, at most 15 bytes of it.
  public init(_ line: Text) {
    let text = line.split(at: .ascii("\n")).head.prefix(15)
    unsafe withUnsafeMutableBytes(of: &words) { bytes in
      for index in text.indices { unsafe bytes[index] = text[index] }
    }
  }

  /// Whether there are no bytes.
  var isEmpty: Bool { words.0 == 0 }

  /// Whether the bytes are the same.
  public static func == (one: ProcessName, other: ProcessName) -> Bool { one.words == other.words }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  /// Gives access to the bytes.
  @unsafe func withText<Result>(_ body: (Text) -> Result) -> Result {
    unsafe withUnsafeBytes(of: words) { bytes in
      guard let start = bytes.baseAddress else { return body("") }
      // The last byte is always zero.
      return unsafe body(Text(cString: start.assumingMemoryBound(to: CChar.self)))
    }
  }
}
