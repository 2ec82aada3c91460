import CLinux
import Supervision

/// The processes that this one is the ancestor of, whatever group or session they are in.
///
/// They are found by a look at all processes. The kernel's list of a process's children would be
/// shorter, but it is reliable only while none of them ends; see children in proc(5).
enum Descendants {
  /// How often the processes are looked at before the loop has its turn again.
  private static let limit = 1000

  /// Runs an errand among all descendants; false if they couldn't be found, so that only those that
  /// are known anyway were signalled.
  static func run(_ errand: Errand, isPID1: Bool) -> Bool {
    if isPID1, case .kill = errand {
      // One call for all: nobody can fork meanwhile, as among signals sent one by one.
      _ = kill(-1, Signal.kill.rawValue)
      return true
    }
    let isComplete = forEach { process, status in
      switch errand {
      case .terminate(let group, let groupWasTold):
        if status.group != group || !groupWasTold { send(.terminate, to: process) }
        send(.continue, to: process)
      case .forward(let signal, let group):
        if status.group == group { send(signal, to: process) }
      case .kill: send(.kill, to: process)
      }
    }
    if !isComplete { runBlindly(errand, isPID1: isPID1) }
    return isComplete
  }

  /// Signals those that can be signalled without knowing them: as PID 1 everybody, otherwise
  /// COMMAND's group.
  private static func runBlindly(_ errand: Errand, isPID1: Bool) {
    switch errand {
    case .terminate(let group, let groupWasTold):
      guard let everybody = isPID1 ? -1 : group.map({ -$0.rawValue }) else { return }
      if isPID1 || !groupWasTold { _ = kill(everybody, Signal.terminate.rawValue) }
      _ = kill(everybody, Signal.continue.rawValue)
    case .forward(let signal, let group): _ = Signals.send(signal, to: .group(group))
    case .kill(let group):
      if let group { _ = Signals.send(.kill, to: .group(group)) }
    }
  }

  private static func send(_ signal: Signal, to process: ProcessID) {
    _ = Signals.send(signal, to: .process(process))
  }

  /// Calls `body` once with each descendant, until a look finds no new one; false if they can't be
  /// found.
  private static func forEach(_ body: (ProcessID, ProcessStatus) -> Void) -> Bool {
    var found = ProcessSet()
    found.insert(ProcessID(rawValue: getpid()))
    for _ in 0..<limit {
      var isNew = false
      let isRead = ProcessFiles.forEach { process, status in
        guard found.contains(status.parent), !found.contains(process) else { return }
        found.insert(process)
        isNew = true
        body(process, status)
      }
      if !isRead { return false }
      if !isNew { break }
    }
    return true
  }
}

/// A set of processes, one bit each, in memory that costs nothing while it isn't touched. There can
/// be one at a time.
private struct ProcessSet: ~Copyable {
  private var words = 0

  mutating func insert(_ process: ProcessID) {
    let index = Int(process.rawValue) / 64
    words = max(words, index + 1)
    unsafe ProcessSet.memory()[index] |= 1 << UInt64(process.rawValue % 64)
  }

  func contains(_ process: ProcessID) -> Bool {
    let word = unsafe ProcessSet.memory()[Int(process.rawValue) / 64]
    return word & 1 << UInt64(process.rawValue % 64) != 0
  }

  deinit { for index in 0..<words { unsafe ProcessSet.memory()[index] = 0 } }

  @inline(never)
  private static func memory() -> UnsafeMutablePointer<UInt64> {
    unsafe clinux_process_set_buffer()
  }
}
