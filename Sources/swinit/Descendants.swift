import CLinux
import Supervision

/// The processes that this one is the ancestor of, whatever group or session they are in.
///
/// They are found by a look at all processes. The kernel's list of a process's children would be
/// shorter, but it is reliable only while none of them ends; see children in proc(5).
struct Descendants: ~Copyable {
  /// How often all processes are looked at before the loop has its turn again.
  private static let limit = 10

  private var found = ProcessSet(.descendants)

  init() { found.insert(ProcessID(rawValue: getpid())) }

  deinit { found.clean() }

  /// Whether a process is a descendant that wasn't found before. A parent must be found before its
  /// children are.
  mutating func findsNew(_ process: ProcessID, _ status: ProcessStatus) -> Bool {
    guard found.contains(status.parent), !found.contains(process) else { return false }
    found.insert(process)
    return true
  }

  /// Runs an errand among all descendants, until a look finds no new one; false if they couldn't
  /// be found, so that only those that are known anyway were signalled.
  @inline(never)
  static func run(_ errand: Errand, isPID1: Bool) -> Bool {
    if isPID1, case .kill = errand {
      // One call for all: nobody can fork meanwhile, as among signals sent one by one.
      _ = kill(-1, Signal.kill.rawValue)
      return true
    }
    var descendants = Descendants()
    for _ in 0..<limit {
      var isNew = false
      var processes = ProcessList()
      while let (process, status) = processes.next() {
        guard descendants.findsNew(process, status) else { continue }
        isNew = true
        run(errand, on: process, status)
      }
      guard processes.isComplete else {
        runBlindly(errand, isPID1: isPID1)
        return false
      }
      if !isNew { break }
    }
    return true
  }

  @inline(never)
  private static func run(_ errand: Errand, on process: ProcessID, _ status: ProcessStatus) {
    var signal = Signal.kill
    switch errand {
    case .terminate(let group, let groupWasTold):
      if status.group != group || !groupWasTold { send(.terminate, to: process.rawValue) }
      signal = .continue
    case .forward(let forwarded, let group):
      guard status.group == group else { return }
      signal = forwarded
    case .kill: break
    }
    send(signal, to: process.rawValue)
  }

  /// Signals those that can be signalled without knowing them: as PID 1 everybody, otherwise
  /// COMMAND's group.
  @inline(never)
  private static func runBlindly(_ errand: Errand, isPID1: Bool) {
    switch errand {
    case .terminate(let group, let groupWasTold):
      guard let everybody = isPID1 ? -1 : group?.asGroup else { return }
      if isPID1 || !groupWasTold { send(.terminate, to: everybody) }
      send(.continue, to: everybody)
    case .forward(let signal, let group): send(signal, to: group.asGroup)
    case .kill(let group):
      if let group { send(.kill, to: group.asGroup) }
    }
  }

  private static func send(_ signal: Signal, to target: Int32) {
    _ = kill(target, signal.rawValue)
  }
}
