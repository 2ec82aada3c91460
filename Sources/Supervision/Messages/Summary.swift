/// How COMMAND ended, and what there was to it.
public struct Summary: ~Copyable {
  /// COMMAND.
  public var process = ProcessID.nobody
  /// How it ended; as if it had been killed, which it was, if it is left behind since it can't die.
  public var status = WaitStatus(rawValue: Signal.kill.rawValue)
  /// Whether it was killed because its memory was used up.
  public var isOutOfMemory = false
  /// How long it ran, in milliseconds.
  public var milliseconds: Int64 = 0
  /// What it used, with the descendants that it waited for.
  public var usage = Usage()
  /// How many orphans were adopted and reaped.
  public var orphans = 0
  /// The memory of swinit's control group, when a process was last killed because of it.
  public var memory = MemoryReading(kills: 0, limit: nil, peak: nil, now: Instant(nanoseconds: 0))
  /// Why COMMAND doesn't run, if it doesn't.
  public var failure = ExecutionFailure("", SystemError(rawValue: 0), .unknown)
  /// Who was killed after the grace period.
  public var killed = Killed()

  /// What a process used; see getrusage(2).
  public struct Usage: Sendable {
    /// The most memory at a time, in bytes.
    public var peak: Int64
    /// Processor time, in milliseconds.
    public var processorMilliseconds: Int64

    /// What a process used.
    public init(peak: Int64 = 0, processorMilliseconds: Int64 = 0) {
      self.peak = peak
      self.processorMilliseconds = processorMilliseconds
    }
  }

  /// Processes that were killed: their number, and the first few of them.
  public struct Killed: Sendable {
    // Two plain arrays take less code to set up than one of structures.
    private var processes = InlineArray<8, Int32>(repeating: 0)
    private var names = InlineArray<8, ProcessName>(repeating: ProcessName())
    /// How many there are.
    public private(set) var count = 0

    /// Adds one.
    mutating func append(_ process: ProcessID, _ name: ProcessName) {
      if 0..<names.count ~= count {
        processes[count] = process.rawValue
        names[count] = name
      }
      count &+= 1
    }

    /// Writes how many there are, and the names and numbers of the first few.
    @inline(never)
    func write(to message: inout Message) {
      message.add("killed", count)
      guard count > 0 else { return }
      message.say(": ")
      let isObject = message.isObject
      message.addString("killed_processes") { line in
        for index in names.indices where index < count {
          let name = names[index]
          if index > 0 { line.append(", ") }
          unsafe name.withText { line.append(foreign: $0, inJSON: isObject) }
          line.append(name.isEmpty ? "(" : " (")
          line.append(Int(processes[index]))
          line.append(")")
        }
        if count > names.count { line.append(", ...") }
      }
    }
  }

  /// Nothing yet.
  public init() {}
}
