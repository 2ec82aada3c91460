@testable import Supervision

// Job control: who has the terminal, and when swinit stops with the command.

extension Referee {
  /// What is known of the terminal.
  struct Terminal: Hashable {
    /// Whether one controls the session.
    var exists = false
    /// Whether the command's group is the foreground when the job is; and whether it is to be, since
    /// the command is stopped for want of it.
    var isLent = false
    var isWanted = false
    /// A stop that swinit sent the command, until that stops or continues.
    var sentStop: Signal?
    /// Whether all of the command's group was stopped, and not by swinit.
    var isGroupStopped = false
    /// From whom SIGINT and SIGQUIT last came that were sent to the command.
    var keys: [Signal: Origin] = [:]
    var step: Step? {
      didSet { isLooking = false }
    }
    /// Whether a round of signals has begun that comes before the stop; and whether it is over, just
    /// now.
    var isLooking = false
    var hasLooked = false
    var reclaimIsDue = false
    var lateReclaimIsDue = false
    var death: Death?
  }

  enum Origin: Hashable { case keyboard, process }

  /// What must be done to stop with the command, when all children were looked at.
  enum Step: Hashable {
    case examine
    /// Take the terminal back, and then stop; for a key, only if the command has the terminal.
    case takeBack(Signal, wholeGroup: Bool, isKey: Bool)
    case stop(Signal, wholeGroup: Bool)
  }

  /// How swinit dies of the keyboard's signal.
  struct Death: Hashable {
    let signal: Signal
    var wholeGroup: Bool
    /// Whether it is so only if the command had the terminal.
    var isOpen: Bool
  }

  mutating func noteStart(_ access: TerminalAccess) {
    terminal.exists = access != .none
    terminal.isLent = access == .foreground
  }

  private var isClaimed: Bool { terminal.isLent || terminal.isWanted }

  private var resuming: Duty? {
    guard let command, end == nil, isKnownAsStopped else { return nil }
    return .send(.continue, to: target(of: .continue, command), .resuming)
  }

  /// Whether swinit may stop: it has no deadline to keep.
  private var mayStop: Bool { !isPID1 && !hasDeadlineToKeep }
  private var hasDeadlineToKeep: Bool {
    switch phase {
    case .ahead, .open, .grace(until: nil): false
    case .delayBegun, .delayed, .begun, .grace, .killing: true
    }
  }

  mutating func noteStop(by signal: Signal) {
    if mayBeStopped || !terminal.exists || mustExit { return }
    if terminal.sentStop == signal {
      terminal.sentStop = nil
      if mayStop {
        terminal.step = .takeBack(
          signal == .stop ? .terminalStop : signal, wholeGroup: false, isKey: false)
      }
      return
    }
    terminal.isGroupStopped = signal != .stop
    switch signal {
    case .terminalInput, .terminalOutput:
      if !terminal.isLent { terminal.isWanted = true }
      duties = [.lend(.demanded(signal))]
    case .terminalStop:
      if mayStop {
        terminal.step = .takeBack(.terminalStop, wholeGroup: true, isKey: true)
      } else {
        duties = resuming.map { [$0] } ?? []
      }
    case .stop: if mayStop { terminal.step = .examine }
    default: break
    }
  }

  /// A stop signal comes after the command's exit.
  mutating func noteStopAfterExit() {
    if terminal.exists && mayStop { terminal.step = .stop(.terminalStop, wholeGroup: false) }
  }

  mutating func noteExamination(_ hasStoppedItself: Bool) {
    terminal.isGroupStopped = hasStoppedItself
    terminal.step =
      hasStoppedItself ? .takeBack(.terminalStop, wholeGroup: false, isKey: true) : nil
  }

  mutating func noteLending(_ isLent: Bool) {
    guard case .lend(let reason)? = duties.first else { return }
    duties.removeFirst()
    if isLent {
      terminal.isLent = true
      terminal.isWanted = false
    }
    switch reason {
    case .beforeContinuing: break
    case .demanded(let signal) where !isLent:
      if !hasDeadlineToKeep { terminal.step = .stop(signal, wholeGroup: true) }
    case .demanded, .retried: if isLent, let resuming { duties.append(resuming) }
    }
  }

  mutating func noteTakeBack(_ outcome: ReclaimOutcome) {
    let isOurs =
      outcome == .reclaimedFromCommand || outcome == .reclaimedFromEmptyGroup
      || outcome == .alreadyOwn
    let wasCommands = outcome == .reclaimedFromCommand || outcome == .leftToCommand
    if case .takeBack(let received)? = duties.first {
      duties.removeFirst()
      if isOurs {
        terminal.isLent = false
        duties.append(.continueGroup)
      } else if outcome == .leftToOtherGroup, let command {
        noteForward(received, command, at: Instant(nanoseconds: 0))
      }
    } else if terminal.reclaimIsDue {
      terminal.reclaimIsDue = false
      if outcome == .leftToOtherGroup && requested.awaitsDescendants {
        terminal.lateReclaimIsDue = true
      }
      if terminal.death?.isOpen == true {
        terminal.death = wasCommands ? terminal.death : nil
        terminal.death?.isOpen = false
      }
    } else if case .takeBack(let signal, let wholeGroup, let isKey)? = terminal.step {
      if isKey && !wasCommands { terminal.isGroupStopped = false }
      terminal.step = isKey && !wasCommands ? nil : .stop(signal, wholeGroup: wholeGroup)
    } else {
      terminal.lateReclaimIsDue = false
    }
  }

  /// A signal comes that continues the command: swinit doesn't stop with it.
  mutating func noteContinuing(_ signal: Signal, for lending: Lending = .beforeContinuing) {
    let isDue = signal == .continue || terminal.step != nil
    terminal.step = nil
    if isDue && isClaimed { duties.append(.lend(lending)) }
  }

  mutating func noteResumption() {
    terminal.step = nil
    if isClaimed { duties.append(.lend(.beforeContinuing)) }
    if let resuming { duties.append(resuming) }
    if end != nil { noteSignal(.continue, toGroup: group) }
  }

  mutating func noteTerminal(sent signal: Signal, for received: ReceivedSignal) {
    if signal.isStop { terminal.sentStop = signal }
    if signal == .continue { terminal.sentStop = nil }
    if signal == .interrupt || signal == .quit {
      terminal.keys[signal] =
        received.sender == .kernel && received.signal == signal ? .keyboard : .process
    }
  }

  mutating func noteDeath(_ status: WaitStatus) {
    terminal.step = nil
    terminal.isLent = false
    terminal.isWanted = false
    terminal.reclaimIsDue = terminal.exists
    terminal.lateReclaimIsDue = false
    guard !isPID1, case .killed(let signal, _) = status.change,
      signal == .interrupt || signal == .quit
    else { return }
    switch terminal.keys[signal] {
    case .keyboard: terminal.death = Death(signal: signal, wholeGroup: false, isOpen: false)
    case nil where terminal.exists:
      terminal.death = Death(signal: signal, wholeGroup: true, isOpen: true)
    default: break
    }
  }

  /// swinit exits although the command hasn't.
  mutating func noteGivingUp() {
    if end != nil || !terminal.exists { return }
    terminal.step = nil
    duties = duties.filter { if case .send = $0 { true } else { false } }
    terminal.lateReclaimIsDue = true
  }

  /// Whether the signal shows that another member of swinit's group may want the terminal.
  func asksForTerminal(_ received: ReceivedSignal) -> Bool {
    guard received.signal == .terminalInput || received.signal == .terminalOutput else {
      return false
    }
    switch received.sender {
    case .kernel, .process: return terminal.exists
    case .outside, .unknown: return false
    }
  }

  mutating func noteRetry() {
    if end == nil, !mustExit, isKnownAsStopped, terminal.isWanted, duties.isEmpty,
      terminal.step == nil
    {
      duties = [.lend(.retried)]
    }
  }
}

// MARK: - Actions

extension Referee {
  func checkLending(to group: ProcessID) throws(Violation) {
    guard case .lend? = duties.first, group == command else {
      throw Violation(.stopsWithCommand, "it lends the terminal instead of \(duties)")
    }
  }

  func checkTakeBack(from group: ProcessID, requestedBy process: ProcessID?) throws(Violation) {
    var asking: ProcessID?
    if case .takeBack(let received)? = duties.first {
      if case .process(let sender) = received.sender { asking = sender }
    } else if let duty = duties.first {
      throw Violation(.returnsTerminal, "it takes the terminal instead of \(duty)")
    } else if case .takeBack? = terminal.step {
      if sweepIsDue { throw Violation(.stopsWithCommand, "it has not swept first") }
    } else if !terminal.reclaimIsDue && !terminal.lateReclaimIsDue {
      throw Violation(.returnsTerminal, "it takes the terminal without need")
    }
    if group != command || process != asking {
      throw Violation(.returnsTerminal, "it takes it from \(group) for \(asking as Any)")
    }
  }

  func checkContinueGroup() throws(Violation) {
    guard duties.first == .continueGroup else {
      throw Violation(.returnsTerminal, "it continues its group instead of \(duties)")
    }
  }

  func checkExamine(_ process: ProcessID) throws(Violation) {
    guard terminal.step == .examine, process == command, !sweepIsDue else {
      throw Violation(.stopsWithCommand, "it examines a stop instead of \(terminal)")
    }
  }

  func checkStop(_ signal: Signal, _ wholeGroup: Bool) throws(Violation) {
    guard terminal.step == .stop(signal, wholeGroup: wholeGroup), !hasDeadlineToKeep,
      terminal.hasLooked, !sweepIsDue
    else { throw Violation(.stopsWithCommand, "it stops by \(signal) instead of \(terminal)") }
  }

  /// Whether another member of swinit's group asks for the terminal.
  var isAsked: Bool {
    if case .takeBack? = duties.first { true } else { false }
  }

  /// Pending signals have their turn before swinit stops.
  mutating func beginLook() {
    guard case .stop? = terminal.step, !terminal.hasLooked, !sweepIsDue, signalsOfRound == nil
    else { return }
    signalsOfRound = .all
    terminal.isLooking = true
  }

  /// Throws if a process lacks the terminal that it may have, or is stopped because of swinit.
  func checkTerminal(_ kernel: ModelKernel) throws(Violation) {
    guard let model = kernel.terminal, let command, end == nil else { return }
    switch model.member {
    case .lacksTerminal:
      let isFree =
        model.foreground == model.ownGroup
        || model.foreground == command && model.job != .outside
      if isFree && !model.isStolen {
        throw Violation(.sharesTerminal, "a member of swinit's group lacks it")
      }
    case .stoppedBySwinit:
      if !(isPID1 && model.foreground != model.ownGroup || model.isStolen) {
        throw Violation(.sharesTerminal, "a member of swinit's group is left stopped")
      }
    case .none, .running, .stopped: break
    }
    guard let process = kernel[command], process.state == .stopped, process.lacksTerminal,
      process.group == command, !process.isProtected, !kernel.hasChanges, terminal.sentStop == nil
    else { return }
    if model.foreground == command && !model.isStolen {
      throw Violation(.sharesTerminal, "the command is stopped, and has it")
    }
  }

  func checkTerminalIsBack(_ kernel: ModelKernel) throws(Violation) {
    if terminal.lateReclaimIsDue {
      throw Violation(.returnsTerminal, "it is left without a foreground process group")
    }
    if let model = kernel.terminal, model.foreground == command, !model.isStolen,
      model.job != .outside
    {
      throw Violation(.returnsTerminal, "the command's group keeps it")
    }
  }

  func checkDying(_ signal: Signal, _ wholeGroup: Bool, _ kernel: ModelKernel) throws(Violation) {
    guard let expected = dueDeath, expected.signal == signal, expected.wholeGroup == wholeGroup
    else { throw Violation(.exitsWithStatus, "it dies of \(signal)") }
    try checkIsOver(kernel)
    if !pendingSummaries.isEmpty {
      throw Violation(.reportsEvents, "it writes no summary")
    }
  }

  /// The signal by which swinit must die, unless it must exit.
  var dueDeath: Death? {
    guard let death = terminal.death, let end, !isBroken,
      requested.status(of: end) == ExitStatus(rawValue: UInt8(128 + death.signal.rawValue))
    else { return nil }
    return death
  }
}
