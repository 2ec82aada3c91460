/// What the kernel reports about a process in one line; see proc_pid_stat(5).
public struct ProcessStatus {
  /// Its state: `R`, `S`, `D`, `T`, `t`, `Z` and others.
  public let state: UInt8
  /// Whether it has exited, with all threads, and its parent hasn't reaped it.
  public let isZombie: Bool
  /// Its parent.
  public let parent: ProcessID
  /// The number of its process group, 0 if that is outside of the PID namespace or the process is released.
  public let group: ProcessID
  /// When it started; nil if that cannot be told.
  public let start: Tick?
  /// Whether it is a thread of the kernel's own, which takes no signal: `PF_KTHREAD`.
  public let isKernelThread: Bool
  /// Whether a signal has killed it, as it may know (`PF_SIGNALED`) or not yet (SIGKILL is pending).
  public let isDyingOfSignal: Bool
  /// How many threads it has.
  public let threads: Int32
  /// How many pages of memory it has.
  public let pages: Int64
  /// Its name, until the next file is read.
  public let name: Text

  /// Parses the line; nil if it is malformed.
  public init?(_ line: Text) {
    guard var fields = ProcessStatus.fields(of: line) else { return nil }
    let name = line.split(at: .ascii("(")).tail ?? ""
    self.name = name.prefix(name.count &- fields.count &- 2)
    state = fields[0]
    let hasExited = state == .ascii("Z")
    fields = fields.dropFirst(2)
    let (parent, rest) = fields.split(at: .ascii(" "))
    guard let rest, let parent = ProcessID(parent) else { return nil }
    self.parent = parent
    // The kernel says -1 while it releases the process, which has no parent any more.
    let number = rest.split(at: .ascii(" ")).head
    guard let group = number == "-1" ? .invalid : ProcessID(number) else { return nil }
    self.group = group
    // One whose main thread alone has exited is shown as a zombie, too, with its other threads.
    threads = Int32(truncatingIfNeeded: rest.word(15).number(upTo: Int64(ProcessID.limit)) ?? 1)
    isZombie = hasExited && threads <= 1
    self.start = rest.word(17).number(upTo: .max).map { Tick(rawValue: $0) }
    let flags = rest.word(4).number(upTo: .max) ?? 0
    isKernelThread = flags & 0x20_0000 != 0
    let pending = rest.word(26).number(upTo: .max) ?? 0
    isDyingOfSignal =
      flags & 0x400 != 0 || UInt64(bitPattern: pending) & SignalSet(.kill).rawValue != 0
    pages = rest.word(19).number(upTo: .max) ?? 0
  }

  /// Whether /proc/PID/status says that SIGKILL was sent to the whole process: it stays pending until the
  /// process is reaped. Unlike the exit code, every user may read it. proc_pid_status(5)
  public static func hasPendingKill(_ lines: Text) -> Bool {
    var rest: Text? = lines
    while let (line, next) = rest?.split(at: .ascii("\n")) {
      if line.hasPrefix("ShdPnd:"), line.count > 10 {
        // Bit 8 is the lowest of the third hexadecimal digit from the end.
        let digit = line[line.count &- 3]
        return (digit.isDecimalDigit ? digit : digit &+ 1) & 1 != 0
      }
      rest = next
    }
    return false
  }

  /// Whether the line says that the process ignores a signal, up to 31.
  public static func ignores(_ signal: Signal, in line: Text) -> Bool {
    guard
      let ignored = fields(of: line)?.word(30).number(upTo: Int64(UInt32.max))
    else { return false }
    return UInt64(truncatingIfNeeded: ignored) & SignalSet(signal).rawValue != 0
  }

  /// The fields from the state on; nil if there are none.
  @inline(never)  // 304 bytes
  static func fields(of line: Text) -> Text? {
    // The name is between parentheses, and may itself hold any of the bytes looked for here.
    var start = line.count
    while start > 0, line[start &- 1] != .ascii(")") { start &-= 1 }
    let fields = line.dropFirst(start &+ 1)
    return start > 0 && !fields.isEmpty ? fields : nil
  }
}

extension ProcessID {
  /// Reads a number that the kernel wrote; nil if it isn't one.
  public init?(_ text: Text) {
    guard let number = text.number(upTo: Int64(ProcessID.limit) - 1) else { return nil }
    self.init(rawValue: Int32(truncatingIfNeeded: number))
  }

  /// Every number is less: `PID_MAX_LIMIT`.
  public static let limit = 1 << 22
}
