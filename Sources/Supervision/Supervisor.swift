/// The whole policy of swinit, without effects: what happened goes in as an event, what to do next
/// comes out as an action, and the outcome of that action is the next event.
///
/// An event is first recorded as facts of the state; then the most urgent thing that the facts
/// leave to do comes next, and waiting only when there is nothing else.
public struct Supervisor {
  /// COMMAND, as far as is known.
  enum Command {
    /// There is none: `--pause`.
    case absent
    /// It lives; or it died, and isn't reaped yet, so that its number is still its own.
    case running(ProcessID, isStopped: Bool)
    /// It was reaped, and this is what swinit leaves with. The number is that of its group, in
    /// which there may be others.
    case ended(ProcessID?, ExitStatus)
  }

  /// How far the end has come that `--kill-after` asks for.
  enum End {
    /// Nobody was asked to end.
    case ahead
    /// It begins now; when it must be over isn't known yet.
    case begun
    /// Everybody has until then to end; for ever if that is nil.
    case grace(until: Instant?)
    /// All that is left was killed, and is waited for until then.
    case killing(until: Instant)
  }

  /// What is to be done about the terminal.
  enum TerminalTask {
    /// Hand it over if swinit is in the foreground; else stop like COMMAND, if it has stopped.
    case hand(orStop: Signal?)
    /// Take it back.
    case reclaim
    /// Stop like COMMAND.
    case stop(Signal)
  }

  /// A signal that is to be sent.
  struct Delivery {
    let signal: Signal
    var target: Target
    let purpose: Purpose
  }

  /// Why a signal is sent.
  enum Purpose {
    /// Somebody sent it, or what it is a rewrite of, to swinit.
    case forwarded(ReceivedSignal)
    /// COMMAND is stopped, and has a reason to go on.
    case resumed
    /// COMMAND has ended, and what is left of its group should too.
    case cleared
  }

  let options: Options
  /// As PID 1 it can't stop.
  let isPID1: Bool
  var command = Command.absent
  var end = End.ahead
  /// Whether there may be a zombie that no sweep has seen. It is so at first: a program that
  /// swinit's image replaced may have left some.
  var sweepIsDue = true
  /// Whether COMMAND goes on if the sweep that is due finds it stopped.
  var resumesIfStopped = false
  /// Whether the last sweep left any children.
  var hasChildren = true
  /// Whether COMMAND's group was sent TERM, so that nobody in it is told again.
  var groupWasTold = false
  /// Whether everybody was told to end after COMMAND did.
  var allWereTold = false
  /// What is sent now, until its outcome is known; and what follows it.
  var delivery: Delivery?
  var nextDelivery: Delivery?
  /// What is done next among the descendants, and about the terminal.
  var errand: Errand?
  var terminalTask: TerminalTask?
  /// Whether COMMAND's group is the foreground of the terminal; and whether it ever was.
  var hasTerminal = false
  var hadTerminal = false
  /// What is said next: first of all how COMMAND ended, which the signal that clears its group goes
  /// before, and has a report of its own.
  var unsaidEnd: WaitStatus?
  var report: Report?
  var hasSaidNotPermitted = false
  var hasSaidBlind = false
  /// Set when there is nothing left to do but to leave, after the sweep if one is due.
  var exitStatus: ExitStatus?

  /// A supervisor that does what the options ask for, as PID 1 or not. Its first event is
  /// `started` or `paused`.
  public init(options: Options, isPID1: Bool) {
    self.options = options
    self.isPID1 = isPID1
  }

  /// Takes what happened, and gives what to do next. After `Action.exit` it takes no more events.
  @inline(never)
  public mutating func handle(_ event: Event) -> Action {
    switch event {
    case .started(let process, let hasTerminal): recordStart(of: process, hasTerminal)
    case .paused, .reclaimedTerminal: break
    case .received(let signal): record(signal)
    case .deadlinePassed(let now): recordDeadline(now)
    case .clock(let now): recordClock(now)
    case .changed(let process, let status, let name): record(process, status, name)
    case .swept(let hasChildren): recordSweep(hasChildren)
    case .sent(let error): recordDelivery(error)
    case .ran(let errand, let foundDescendants): record(errand, foundDescendants)
    case .handedTerminal(let isHanded): recordHandOver(isHanded)
    case .resumed: recordResumption()
    case .reported: break
    case .broken(let error):
      sweepIsDue = false
      exitStatus = .failure
      report = .cannotSupervise(error)
    }
    return nextAction()
  }

  /// The terminal is handed over before COMMAND goes on and may touch it. Signals come next: the
  /// number of COMMAND's group is surely its own only until the next fork. A wait comes last.
  private mutating func nextAction() -> Action {
    if let action = nextTerminalAction() { return action }
    if let delivery { return .send(delivery.signal, to: delivery.target) }
    if let group, case .reclaim? = terminalTask {
      terminalTask = nil
      return .reclaimTerminal(from: group)
    }
    if let status = unsaidEnd, let group {
      unsaidEnd = nil
      return .report(.ended(group, status))
    }
    if let report {
      self.report = nil
      return .report(report)
    }
    if sweepIsDue { return .reap(named: options.warnsOfReaped) }
    if let exitStatus { return .exit(exitStatus) }
    if case .ended(_, let status) = command, options.killAfter == nil || !hasChildren {
      return .exit(status)
    }
    if case .begun = end { return .readClock }
    if let errand { return .run(errand) }
    return .wait(until: deadline)
  }

  private var deadline: Instant? {
    switch end {
    case .ahead, .begun: nil
    case .grace(let deadline): deadline
    case .killing(let deadline): deadline
    }
  }

  /// Says something to those who asked for that much.
  mutating func say(_ report: Report, from verbosity: Int) {
    if options.verbosity >= verbosity { self.report = report }
  }
}
