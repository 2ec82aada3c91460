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

  /// Signals all descendants, until a second look or a later one finds no new one; false if they
  /// cannot be found, so that only those that are known anyway were signalled. A signal for a process
  /// group finds a member, or gives false.
  @inline(never)
  static func send(_ request: DescendantSignal, isPID1: Bool) -> Bool {
    if isPID1, case .kill = request {
      // One call for all: nobody can fork meanwhile, as among signals sent one by one.
      _ = send(.kill, to: -1)
      return true
    }
    if case .forward(let signal, let group) = request {
      // COMMAND's number is another's, and so is that of its group.
      if Signals.send(Signal(rawValue: 0), to: .process(group)) != .noSuchProcess { return false }
      // The group's number is nobody else's if a child is in it.
      if clinux_has_child_in(group.rawValue) != 0 { return send(signal, to: group.asGroup) }
    }
    var descendants = Descendants()
    var isComplete = false
    var areSignalled = false
    for look in 0..<limit {
      var isNew = false
      var processes = ProcessList()
      while let (process, status) = processes.next() {
        guard descendants.findsNew(process, status) else { continue }
        isNew = true
        if send(request, to: process, status) { areSignalled = true }
      }
      isComplete = processes.isComplete
      if isComplete && !isNew && look > 0 { break }
    }
    if case .forward = request { return areSignalled }
    if !isComplete { sendBlindly(request, isPID1: isPID1) }
    return isComplete
  }

  private static func send(
    _ request: DescendantSignal, to process: ProcessID, _ status: ProcessStatus
  ) -> Bool {
    var signal = Signal.kill
    switch request {
    case .terminate(let group, let groupWasSignalled):
      if status.group != group || !groupWasSignalled { _ = send(.terminate, to: process.rawValue) }
      signal = .continue
    case .forward(let forwarded, let group):
      guard status.group == group else { return false }
      signal = forwarded
    case .kill: break
    }
    return send(signal, to: process.rawValue)
  }

  /// Signals those that can be signalled without knowing them: as PID 1 everybody, otherwise
  /// COMMAND's group, if a child of this process is in it.
  private static func sendBlindly(_ request: DescendantSignal, isPID1: Bool) {
    var everybody: Int32 = -1
    if !isPID1 {
      let group: ProcessID? =
        switch request {
        case .terminate(let group, _), .kill(let group): group
        case .forward: nil
        }
      guard let group, clinux_has_child_in(group.rawValue) != 0 else { return }
      everybody = group.asGroup
    }
    if case .terminate(_, let groupWasSignalled) = request {
      if isPID1 || !groupWasSignalled { _ = send(.terminate, to: everybody) }
      _ = send(.continue, to: everybody)
    } else {
      _ = send(.kill, to: everybody)
    }
  }

  private static func send(_ signal: Signal, to target: Int32) -> Bool {
    clinux_kill(target, signal.rawValue) == 0
  }
}
