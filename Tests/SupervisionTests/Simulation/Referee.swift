import Supervision

/// Knows what swinit was asked for and what it was told, and so what it may and must do.
///
/// It takes each event, then checks the action that follows from it: in part against what it knows
/// itself, in part against the true state of the kernel, of which swinit knows what it was told.
struct Referee {
  /// What must be done next.
  enum Duty: Equatable {
    case send(Signal, to: Target, Purpose)
    /// Hand the terminal over; or if that can't be, and COMMAND has stopped, stop like it.
    case hand(orStop: Signal?)
    case stop(Signal)
  }

  enum Purpose: Equatable {
    case forwarding(ReceivedSignal)
    case resuming
    case clearing
  }

  /// How far the end has come that `--kill-after` asks for.
  enum Phase: Equatable {
    case ahead
    case begun
    case grace(until: Instant?)
    case killing(until: Instant)
  }

  let wishes: Wishes
  let isPID1: Bool
  var command: ProcessID?
  /// How COMMAND ended, once it was reaped.
  var end: WaitStatus?
  /// Whether the last that swinit was told of COMMAND is that it stopped.
  var isKnownAsStopped = false
  var duties: [Duty] = []
  var sweepIsDue = true
  /// Whether a sweep may find out that COMMAND, which was just asked to end, is stopped.
  var mayBeStopped = false
  /// How often COMMAND had been stopped when, stopped, it was asked to end.
  var stopsToResume: Int?
  var hasChildren = true
  var unsaid: [Said] = []
  var hasSaidNotPermitted = false
  var hasSaidBlind = false
  var isBroken = false
  /// `--pause` was told to end.
  var wasToldToEnd = false

  var phase = Phase.ahead
  /// When the grace period began.
  var beginning: Instant?
  var dueErrand: Errand?
  var groupWasTold = false
  var allWereTold = false
  /// The last deadline has passed.
  var mustLeave = false

  var hasTerminal = false
  var hadTerminal = false
  var reclaimIsDue = false

  init(wishes: Wishes, isPID1: Bool) {
    self.wishes = wishes
    self.isPID1 = isPID1
  }

  /// Whether there is nobody any more whom swinit runs for.
  var isOver: Bool { end != nil || wasToldToEnd }

  /// Whether the next action must come before anything else happens: for this one moment the number
  /// of a group whose leader was reaped is as good as its own.
  var isInstant: Bool {
    if case .send(_, _, .clearing)? = duties.first { true } else { false }
  }

  mutating func expect(_ said: Said, from verbosity: Int = 0) {
    if wishes.verbosity >= verbosity { unsaid.append(said) }
  }
}

// MARK: - What happened

extension Referee {
  /// Takes what happened, and when.
  mutating func note(_ event: Event, at now: Instant) {
    switch event {
    case .started(let process, let hasTerminal):
      command = process
      self.hasTerminal = hasTerminal
      hadTerminal = hasTerminal
      expect(.started(process), from: 1)
    case .paused, .reported: break
    case .received(let received): note(received, at: now)
    case .deadlinePassed(let now): noteDeadline(now)
    case .clock(let now): noteClock(now)
    case .changed(let process, let status, _): note(process, status, at: now)
    case .swept(let hasChildren): noteSweep(hasChildren)
    case .sent(let error): noteSent(error)
    case .ran(let errand, let foundDescendants): noteRun(errand, foundDescendants)
    case .handedTerminal(let isHanded): noteHandOver(isHanded)
    case .reclaimedTerminal: reclaimIsDue = false
    case .resumed: noteResumption()
    case .broken(let error):
      isBroken = true
      expect(.cannotSupervise(error))
    }
  }

  private mutating func note(_ process: ProcessID, _ status: WaitStatus, at now: Instant) {
    guard process == command && end == nil else {
      guard status.exitStatus != nil else { return }
      if wishes.warnsOfReaped {
        expect(.reapedOrphan(process, status))
      } else {
        expect(.reaped(process, status), from: 2)
      }
      return
    }
    switch status.change {
    case .stopped(let signal):
      isKnownAsStopped = true
      noteStop(by: signal)
    case .continued: isKnownAsStopped = false
    case .exited, .killed:
      end = status
      expect(.ended(process, status), from: 1)
      reclaimIsDue = hadTerminal
      begin(at: now)
      if wishes.grace == nil, !wishes.singleChild,
        let signal = wishes.substitute(for: .terminate)
      {
        duties = [.send(signal, to: .group(process), .clearing)]
      }
    }
  }
}

// MARK: - What swinit does

extension Referee {
  /// Throws if the action isn't what is to be done now.
  mutating func check(_ action: Action, _ kernel: ModelKernel) throws(Violation) {
    switch action {
    case .send(let signal, let target): return try checkSend(signal, to: target)
    case .handTerminal(let group): return try checkHandOver(to: group)
    case .stop(let signal, let wholeGroup, let group):
      return try checkStop(signal, wholeGroup, group)
    default: break
    }
    if let duty = duties.first { throw Violation(rule(of: duty), "\(action) instead of \(duty)") }
    switch action {
    case .reclaimTerminal(let group):
      if !reclaimIsDue || group != command { throw Violation(.givesTerminalBack, "\(action)") }
    case .report(let report): try checkReport(Said(report))
    case .reap(let named): try checkReap(named: named)
    case .readClock:
      if phase != .begun { throw Violation(.startsOneClock, "it is read while \(phase)") }
    case .run(let errand): try check(errand, at: kernel.now)
    case .wait(let deadline):
      mayBeStopped = false
      try checkWait(until: deadline, kernel)
    case .exit(let status): try checkExit(status, kernel)
    case .send, .handTerminal, .stop: break
    }
  }

  private func rule(of duty: Duty) -> Violation.Rule {
    switch duty {
    case .send(_, _, .clearing): .clearsGroup
    case .send(_, _, .forwarding): .forwardsAtOnce
    case .send(_, _, .resuming): .resumesCommand
    case .hand, .stop: .stopsWithCommand
    }
  }

  private mutating func checkReport(_ said: Said) throws(Violation) {
    guard unsaid.first == said else {
      throw Violation(.saysWhatHappened, "\(said) instead of \(unsaid)")
    }
    unsaid.removeFirst()
  }

  private func checkReap(named: Bool) throws(Violation) {
    if named != wishes.warnsOfReaped { throw Violation(.asksForNames, "asked: \(named)") }
    if isBroken || !(sweepIsDue || mayBeStopped) {
      throw Violation(.sweepsWithReason, "nothing changed")
    }
  }

  private func checkWait(until deadline: Instant?, _ kernel: ModelKernel) throws(Violation) {
    if kernel.hasZombies && !kernel.pending.contains(.childChanged) {
      throw Violation(.reapsAll, "a child ended, and no signal will tell of it")
    }
    if sweepIsDue { throw Violation(.sweepsWithReason, "a change isn't looked for") }
    if !unsaid.isEmpty { throw Violation(.saysWhatHappened, "nothing instead of \(unsaid)") }
    if reclaimIsDue { throw Violation(.givesTerminalBack, "COMMAND's group has it") }
    if isBroken || mustLeave || (isOver && (wishes.grace == nil || !hasChildren)) {
      throw Violation(.leavesInTime, "it waits although all is over")
    }
    try checkDeadline(deadline)
  }

  /// Throws if a wait that no pending signal ends may be for nothing.
  func checkBlocking(_ kernel: ModelKernel) throws(Violation) {
    if isOver && !kernel.hasChildren {
      throw Violation(.leavesInTime, "it waits although the last is gone")
    }
    guard end == nil, let command, let process = kernel[command] else { return }
    if let stopsToResume, process.state == .stopped, process.stops == stopsToResume {
      throw Violation(.resumesCommand, "it is stopped still")
    }
  }

  private func checkExit(_ status: ExitStatus, _ kernel: ModelKernel) throws(Violation) {
    if isBroken {
      if status != .failure { throw Violation(.leavesWithStatus, "\(status)") }
      return
    }
    if let end {
      try checkStatus(status, after: end)
      if kernel.terminal?.foreground == command {
        throw Violation(.givesTerminalBack, "COMMAND's group has it")
      }
    } else if wishes.pauses {
      if !wasToldToEnd { throw Violation(.leavesInTime, "nobody told it to end") }
      if status != .success { throw Violation(.leavesWithStatus, "\(status)") }
    } else {
      if !mustLeave { throw Violation(.leavesInTime, "COMMAND wasn't reaped") }
      try checkStatus(status, after: .killed(by: .kill))
    }
    if kernel.hasZombies { throw Violation(.reapsAll, "it leaves zombies behind") }
    if sweepIsDue { throw Violation(.sweepsWithReason, "a change isn't looked for") }
    if !unsaid.isEmpty { throw Violation(.saysWhatHappened, "nothing instead of \(unsaid)") }
    try checkRemainder(kernel)
  }

  private func checkStatus(_ status: ExitStatus, after end: WaitStatus) throws(Violation) {
    if status != wishes.status(of: end) {
      throw Violation(.leavesWithStatus, "\(status) after \(end)")
    }
  }
}
