import CLinux
import Supervision

/// The processes that this one is the ancestor of, whatever group or session they are in.
///
/// They are found by a look at all processes. The kernel's list of a process's children would be
/// shorter, but it is reliable only while none of them ends; see children in proc(5).
struct Descendants: ~Copyable {
  /// How often all processes are looked at before the loop has its turn again.
  private static let limit = 10

  private let me = ProcessID(rawValue: getpid())
  private var found = ProcessSet(.descendants)

  init() { found.insert(me) }

  deinit { found.clear() }

  /// Whether a process is a descendant that wasn't found before. A parent must be found before its
  /// children are, unless all processes but the kernel's own count.
  mutating func findsNew(
    _ process: ProcessID, _ status: ProcessStatus, amongAll: Bool = false
  ) -> Bool {
    guard amongAll ? !status.isKernelThread : found.contains(status.parent) else {
      // It may have the number of a descendant that was found and has exited.
      if process != me, found.contains(process) { found.remove(process) }
      return false
    }
    return found.insert(process)
  }

  /// Signals all descendants, until a second look or a later one finds no new one. They are not found
  /// where they cannot be told from others, so that only those that are known anyway were signalled;
  /// for a process group, where no member is. Those that are killed are named if that is asked for.
  @inline(never)
  static func send(
    _ request: DescendantSignal, isPID1: Bool, _ killed: inout Summary.KilledProcesses
  ) -> Event {
    let found = signal(request, isPID1: isPID1, &killed)
    guard case .kill(_, names: true) = request else { return .signalledDescendants(found: found) }
    return .killedDescendants(count: killed.count, found: found)
  }

  /// Counts a process that is about to be killed, and names it if it is among the first few. One that
  /// this process may not signal isn't killed.
  private static func note(
    _ process: ProcessID, _ status: ProcessStatus, _ killed: inout Summary.KilledProcesses
  ) {
    guard !status.isZombie, send(Signal(rawValue: 0), to: process.rawValue) else { return }
    killed.append(process, killed.keepsName ? ProcessFiles.name(of: process) : ProcessName())
  }

  /// The first few descendants that have not exited, and the next of them that is to be reported.
  struct Survivors {
    private var numbers = InlineArray<8, Int32>(repeating: 0)
    private var count = 0
    private var next = 0

    /// Looks at all processes, once.
    mutating func find(isPID1: Bool) {
      var processes = ContainerProcesses(isPID1: isPID1)
      while numbers.indices ~= count, let (process, status) = processes.next() {
        if process.rawValue == getpid() || status.isZombie || status.isKernelThread { continue }
        numbers[count] = process.rawValue
        count &+= 1
      }
    }

    mutating func take() -> ProcessID? {
      guard next < count, numbers.indices ~= next else { return nil }
      defer { next &+= 1 }
      return ProcessID(rawValue: numbers[next])
    }
  }

  /// Finds the next descendant that has not exited.
  @inline(never)
  static func findSurvivor(
    isFirst: Bool, isPID1: Bool, _ survivors: inout Survivors, _ survivor: inout Summary.Survivor
  ) -> Event {
    if isFirst { survivors.find(isPID1: isPID1) }
    while let process = survivors.take() {
      // It may have exited meanwhile.
      guard case .success(let status) = ProcessFiles.status(of: process), !status.isZombie else {
        continue
      }
      survivor.state = status.state
      survivor.name = ProcessFiles.name(of: process)
      survivor.waitChannel = ProcessFiles.waitChannel(of: process)
      let error = Signals.send(Signal(rawValue: 0), to: .process(process))
      survivor.mayBeSignalled = error != .notPermitted
      return .survivor(process)
    }
    return .survivor(nil)
  }

  private static func signal(
    _ request: DescendantSignal, isPID1: Bool, _ killed: inout Summary.KilledProcesses
  ) -> Bool {
    if case .forward(let signal, let group) = request {
      // The command's number is another's, and so is that of its group.
      if Signals.send(Signal(rawValue: 0), to: .process(group)) != .noSuchProcess { return false }
      // No other group has this number if a child is in it.
      if clinux_has_child_in(group.rawValue) != 0 { return send(signal, to: group.asGroup) }
    }
    var (isKill, names) = (false, false)
    if case .kill(_, let areNamed) = request { (isKill, names) = (true, areNamed) }
    let killsAll = isKill && isPID1
    var descendants = Descendants()
    var isComplete = true
    var areSignalled = false
    for look in 0..<limit where names || !killsAll {
      var isNew = false
      var processes = ProcessList()
      while let (process, status) = processes.next() {
        guard descendants.findsNew(process, status, amongAll: killsAll) else { continue }
        isNew = true
        if names { note(process, status, &killed) }
        if !killsAll, send(request, to: process, status) { areSignalled = true }
      }
      isComplete = processes.isComplete
      if killsAll || isComplete && !isNew && look > 0 { break }
    }
    if case .forward = request { return areSignalled }
    // As PID 1 one call kills all: no process can fork meanwhile, as among signals sent one by one.
    if killsAll || !isComplete { sendToAll(request, isPID1: isPID1, someHaveIt: areSignalled) }
    return isComplete
  }

  private static func send(
    _ request: DescendantSignal, to process: ProcessID, _ status: ProcessStatus
  ) -> Bool {
    var signal = Signal.kill
    switch request {
    case .terminate(let terminate, let group, let tick):
      var hadIt = false
      if status.group == group, let tick, let start = status.start { hadIt = start < tick }
      if !hadIt { _ = send(terminate, to: process.rawValue) }
      signal = .continue
    case .forward(let forwarded, let group):
      guard status.group == group else { return false }
      signal = forwarded
    case .kill: break
    }
    return send(signal, to: process.rawValue)
  }

  /// Signals those that can be signalled without knowing them: as PID 1 all processes, otherwise the
  /// command's group, if a child of this process is in it. Where some were signalled one by one, the
  /// signal is not sent again.
  private static func sendToAll(
    _ request: DescendantSignal, isPID1: Bool, someHaveIt: Bool
  ) {
    var target: Int32 = -1
    if !isPID1 {
      let group: ProcessID? =
        switch request {
        case .terminate(_, let group, _), .kill(let group, _): group
        case .forward: nil
        }
      guard let group, clinux_has_child_in(group.rawValue) != 0 else { return }
      target = group.asGroup
    }
    if case .terminate(let terminate, _, let tick) = request {
      if !someHaveIt && (isPID1 || tick == nil) { _ = send(terminate, to: target) }
      _ = send(.continue, to: target)
    } else {
      _ = send(.kill, to: target)
    }
  }

  private static func send(_ signal: Signal, to target: Int32) -> Bool {
    clinux_kill(target, signal.rawValue) == 0
  }
}
