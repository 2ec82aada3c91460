import Supervision

/// A process of the model kernel.
struct ModelProcess: Hashable {
  enum State: Hashable {
    case running
    case stopped
    /// The kernel holds it where no signal reaches it.
    case undying
    /// It ended, and its parent doesn't know yet.
    case zombie(WaitStatus)
  }

  /// What a process does about signals that would end it.
  enum Manners: CaseIterable {
    case obeys
    /// Ends of nothing but KILL.
    case ignoresAll
    /// Ends of everything but TERM.
    case ignoresTerminate
  }

  let id: ProcessID
  var parent: ProcessID
  var group: ProcessID
  var session: ProcessID
  /// Whether swinit is among its ancestors.
  let isDescendant: Bool
  var manners: Manners
  /// Whether it is another user's, so that swinit mayn't signal it.
  var isProtected = false
  /// When it started.
  let start: Tick
  /// Whether it has changed its group.
  var hasMoved = false
  /// The signals that swinit sent to COMMAND or its group, and when this process last had them so.
  @IgnoredByEquality var forwarded: [Int32: Tick] = [:]
  var state = State.running
  /// A stop or continuation that its parent doesn't know yet.
  var unreportedChange: WaitStatus?
  /// What will come to it when it can take signals again.
  var pending = PendingSignals()
  /// Whether it reads from the terminal, and has to try again when it continues.
  var lacksTerminal = false
  /// Whether it sent itself the signal that stopped it.
  var hasStoppedItself = false
  /// How often it was stopped.
  var stops = 0

  /// What it used.
  var usage: Summary.Usage {
    Summary.Usage(peak: 4096 * Int64(id.rawValue), processorMilliseconds: Int64(stops))
  }

  var isZombie: Bool {
    if case .zombie = state { true } else { false }
  }

  var isAlive: Bool { !isZombie }

  /// Whether a signal to the target is one to this process.
  func isAmong(_ target: Target) -> Bool {
    switch target {
    case .process(let process): id == process
    case .group(let leader): group == leader
    }
  }
}

extension Signal {
  /// The signals whose default action isn't to end or to stop a process; see signal(7).
  private var isHarmless: Bool { [17, 18, 23, 28].contains(rawValue) }

  private var dumpsCore: Bool { [3, 4, 5, 6, 7, 8, 11, 24, 25, 31].contains(rawValue) }

  /// The signals whose default action is to stop a process.
  var isStop: Bool { (19...22).contains(rawValue) }

  /// How a process of these manners ends of the signal, nil if it doesn't.
  func end(of manners: ModelProcess.Manners) -> WaitStatus? {
    if self == .kill { return .killed(by: self) }
    if isHarmless || isStop { return nil }
    switch manners {
    case .ignoresAll: return nil
    case .ignoresTerminate where self == .terminate: return nil
    case .obeys, .ignoresTerminate: return .killed(by: self, coreDumped: dumpsCore)
    }
  }
}
