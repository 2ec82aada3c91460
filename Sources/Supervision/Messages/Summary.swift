/// How the command terminated, and what it used.
public struct Summary: Hashable, Sendable {
  /// The command.
  var process = ProcessID.invalid
  /// How it terminated. A command that cannot die, and that swinit leaves behind, counts as killed.
  var status = WaitStatus(rawValue: Signal.kill.rawValue)
  /// Whether it was killed by the OOM killer.
  var isOutOfMemory = false
  /// How long it ran, in milliseconds.
  var milliseconds: Int64 = 0
  /// What it used, with the descendants that it waited for.
  var usage = Usage()
  /// How many orphans were adopted and reaped.
  var orphans = 0

  /// What a process used; see getrusage(2).
  public struct Usage: Hashable, Sendable {
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

  /// A descendant that SIGKILL has not ended: the kernel holds it, or is still freeing what it has; or
  /// swinit may not signal it.
  public struct Survivor: Sendable {
    /// Its name.
    public var name = ProcessName()
    /// Its state as `/proc` abbreviates it; see proc_pid_stat(5).
    public var state: UInt8 = .ascii("?")
    /// Where in the kernel it waits, if that can be read, until another file is; see proc_pid_wchan(5).
    public var waitChannel: Text = ""
    /// Whether swinit may signal it.
    public var mayBeSignalled = true

    /// One of which nothing is known.
    public init() {}
  }

  /// Processes that were killed: their number, and the first few of them.
  public struct KilledProcesses: Sendable {
    // Two plain arrays take less code to set up than one of structures.
    private var processes = InlineArray<8, Int32>(repeating: 0)
    private var names = InlineArray<8, ProcessName>(repeating: ProcessName())
    /// How many there are.
    public private(set) var count = 0
    /// The one that has not ended, while that is reported.
    public var survivor = Survivor()

    /// None.
    public init() {}

    /// Whether the next one's name is kept.
    public var keepsName: Bool { count < names.count }

    /// Adds one.
    public mutating func append(_ process: ProcessID, _ name: ProcessName) {
      if 0..<names.count ~= count {
        processes[count] = process.rawValue
        names[count] = name
      }
      count &+= 1
    }

    /// Writes the names and numbers of the first few, in JSON as the elements of an array.
    func write(to line: inout Line, inJSON: Bool) {
      if inJSON { line.append("[") }
      for index in SafeRange(count) {
        guard 0..<names.count ~= index else { break }
        if index > 0 { line.append(inJSON ? "," : ", ") }
        if inJSON {
          line.append("{\"pid\":")
          line.append(Int(processes[index]))
        }
        let name = names[index]
        if !name.isEmpty {
          if inJSON { line.append(",\"name\":\"") }
          line.append(name, inJSON: inJSON)
          line.append(inJSON ? "\"" : " ")
        }
        if inJSON {
          line.append("}")
        } else {
          line.append("(")
          line.append(Int(processes[index]))
          line.append(")")
        }
      }
      if inJSON {
        line.append("]")
      } else if count > names.count {
        line.append(", and ")
        line.append(count &- names.count)
        line.append(" more")
      }
    }
  }
}
