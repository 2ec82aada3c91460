/// A process as `--ps` lists it.
public struct ListedProcess {
  /// Its number.
  public let process: ProcessID
  /// Its parent's number, 0 for a parent outside of the PID namespace.
  let parent: ProcessID
  /// The letter of its state; `?` if it is none.
  let state: UInt8
  /// Whether it is a zombie, with all threads.
  let isZombie: Bool
  /// How many threads it has.
  let threads: Int64
  /// When it started.
  let start: Tick
  /// Its name.
  let name: ProcessName

  // Its place in the tree: indices of other processes, negative where there is none.
  var indexOfParent: Int32 = -1
  var firstChild: Int32 = -1
  var nextSibling: Int32 = -1

  /// Reads `/proc/PID/stat`; nil if it is malformed, or the process is gone. proc_pid_stat(5)
  public init?(_ process: ProcessID, _ line: Text) {
    guard let status = ProcessStatus(line), let start = status.start,
      let fields = ProcessStatus.fields(of: line), let name = line.split(at: .ascii("(")).tail
    else { return nil }
    // It is being released.
    if status.state == .ascii("X") { return nil }
    self.process = process
    parent = status.parent
    let letter = fields[0] | 0x20
    state = letter >= .ascii("a") && letter <= .ascii("z") ? fields[0] : .ascii("?")
    isZombie = status.isZombie
    threads = fields.word(17).number(upTo: 1 << 32) ?? 0
    self.start = start
    // A parenthesis and a space come between.
    self.name = ProcessName(name.prefix(name.count &- fields.count &- 2))
  }

  /// Whether a signal or a debugger has stopped it.
  var isStopped: Bool { state | 0x20 == .ascii("t") }

  /// Whether it can be the parent of another process: it started before. Its number may be one that
  /// the parent had before it exited. So no process comes to be its own ancestor.
  func precedes(_ child: ListedProcess) -> Bool {
    start < child.start || start == child.start && process.rawValue < child.process.rawValue
  }
}
