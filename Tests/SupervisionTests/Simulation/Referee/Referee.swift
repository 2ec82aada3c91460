@testable import Supervision

/// Knows the requested options and the events that swinit received, and so what swinit may and must
/// do.
///
/// It takes each event and then checks the action that follows: partly against its own knowledge, and
/// partly against the true state of the model kernel, of which swinit knows only the events.
struct Referee: Hashable {
  /// An action that must come next.
  enum Duty: Hashable {
    case send(Signal, to: Target, Purpose)
    /// Make the command's group the foreground, if swinit's own is.
    case lend(Lending)
    /// Make swinit's own group the foreground, for one of its members.
    case takeBack(for: ReceivedSignal)
    case continueGroup
  }

  /// Why the terminal is lent.
  enum Lending: Hashable {
    case beforeContinuing
    case demanded(Signal)
    case retried
  }

  enum Purpose: Hashable {
    case forwarding(ReceivedSignal)
    case resuming
  }

  /// The phase of a shutdown with `--kill-after`.
  enum Phase: Hashable {
    case ahead
    /// A stop signal is held back, and the clock is to be read for that.
    case delayBegun(ReceivedSignal)
    case delayed(ReceivedSignal, until: Instant)
    /// Shutdown has begun, without a grace period.
    case open
    case begun
    case grace(until: Instant?)
    case killing(until: Instant)
  }

  @IgnoredByEquality private(set) var requested: RequestedOptions
  let isPID1: Bool
  var command: ProcessID?
  /// The command's group, until a later child has had the same ID.
  var group: ProcessID?
  /// The command's wait status, once it was reaped.
  var end: WaitStatus?
  /// Whether the last change of the command that swinit received was a stop.
  var isKnownAsStopped = false
  var duties: [Duty] = []
  var sweepIsDue = true
  /// How many changes this sweep has taken since others had their turn; and whether the clock was
  /// read for them.
  var reaps = 0
  var hasReadClockBetween = false
  /// The signals that a round still looks for, nil between rounds; and how many were taken since the
  /// last one.
  var signalsOfRound: SignalSet? {
    didSet { if signalsOfRound == .all { realTimeInRound = 0 } }
  }
  /// How many real-time signals the round has taken.
  var realTimeInRound = 0
  var signalsSinceRound = 0
  /// Whether a signal of the round had swinit look at every process.
  var hasWalkedInRound = false
  /// The last time that swinit received.
  @IgnoredByEquality var latest = Instant(nanoseconds: 0)
  /// Whether a sweep may find out that COMMAND, which was just asked to end, is stopped.
  var mayBeStopped = false
  /// How often COMMAND had been stopped when, stopped, it was asked to end.
  var stopsToResume: Int?
  var hasChildren = true
  var pendingReports: [Report] = []
  var hasReportedNotPermitted = false
  var hasReportedBlind = false
  var isBroken = false
  /// swinit received a stop signal with `--pause`.
  var wasSignalledToExit = false

  var phase = Phase.ahead
  /// A stop signal that comes after the one that it has released.
  var following: ReceivedSignal?
  /// When the grace period began.
  var beginning: Instant?
  var dueDescendantSignal: DescendantSignal?
  /// Whether this is a stop signal that swinit received after the command's exit.
  var descendantSignalIsForwarded = false
  /// When COMMAND's group was last forwarded what TERM is rewritten to.
  var groupSignalled: Tick?
  var descendantsWereSignalled = false
  /// Whether those that were killed at the deadline were named.
  var haveNamedKilled = false
  /// The last deadline has passed.
  var mustExit = false
  /// After which process a survivor is looked for; and how many were named.
  var survivorsAfter: ProcessID?
  var survivorsNamed = 0

  var terminal = Terminal()

  var account = Account()
  var zombieLook = ZombieLook()
  var watch = Watch()

  /// The expected summary, as far as it is known.
  var summary = Summary()
  var start: Instant?
  var finish: Instant?
  var pendingSummaries: [Report.Destination] = []
  /// Whether it has begun to write the summary.
  var isExiting = false
  /// Whether nothing can have happened since the last sweep found no more changes.
  var hasJustSwept = false

  init(requested: RequestedOptions, isPID1: Bool) {
    self.requested = requested
    self.isPID1 = isPID1
    if requested.wantsSummary {
      pendingSummaries =
        (requested.writesLog ? [.terminationLog] : [])
        + (requested.verbosity > 0 ? [.standardError] : [])
    }
  }

  /// Whether the command was reaped or, with `--pause`, a stop signal was received.
  var isOver: Bool { end != nil || wasSignalledToExit }

  mutating func expect(_ report: Report, from verbosity: Int = 0) {
    if requested.verbosity >= verbosity { pendingReports.append(report) }
  }
}

// MARK: - Events

extension Referee {
  /// Takes an event and its time.
  mutating func note(_ event: Event, at now: Instant) {
    latest = max(latest, now)
    if case .swept = event { hasJustSwept = true } else { hasJustSwept = false }
    terminal.hasLooked = false
    switch event {
    case .started(let process, let terminal):
      command = process
      group = process
      noteStart(terminal)
      summary.process = process
      summary.status = .killed(by: .kill)
      expect(.started(process), from: 1)
    case .paused: expect(.pausing, from: 1)
    case .reported: break
    case .noSignal:
      signalsOfRound = nil
      signalsSinceRound = 0
      terminal.hasLooked = terminal.isLooking
      terminal.isLooking = false
    case .received(let received): note(received, at: now)
    case .deadlinePassed(let now): noteDeadline(now)
    case .clock(let now): noteClock(now)
    case .changed(let change): note(change, at: now)
    case .swept(let hasChildren): noteSweep(hasChildren)
    case .sent(let error, let tick): noteSent(error, at: tick)
    case .signalledDescendants(let found): noteDescendantSignal(found)
    case .killedDescendants(let count, let found): noteDescendantKill(count, found)
    case .survivor(let process): noteSurvivor(process)
    case .lentTerminal(let isLent): noteLending(isLent)
    case .reclaimedTerminal(let outcome): noteTakeBack(outcome)
    case .continuedOwnGroup: if duties.first == .continueGroup { duties.removeFirst() }
    case .examinedStop(let hasStoppedItself): noteExamination(hasStoppedItself)
    case .resumed: noteResumption()
    case .couldNotStop: terminal.step = nil
    case .memory(let reading): note(reading)
    case .cgroup(let events): note(events)
    case .remembered(let pages, let time, let now): noteRemembered(pages, time, now)
    case .foundVictims(let found, let time, let now): note(found, time, now)
    case .victim(let victim): note(victim)
    case .processLimit(let limit): note(limit)
    case .zombies(let zombies): note(zombies)
    case .name(let name): noteParent(named: name)
    case .broken(let error):
      isBroken = true
      noteGivingUp()
      expect(.cannotSupervise(error))
    }
    if let next = following, duties.isEmpty, pendingReports.isEmpty, dueDescendantSignal == nil {
      following = nil
      noteStopSignal(next, at: now)
    }
  }

  private mutating func note(_ change: ChildChange, at now: Instant) {
    let process = change.process
    let status = change.status
    let isCommand = process == command && end == nil
    if status == .killed(by: .kill) { noteKill(change, isCommand: isCommand) }
    reaps += 1
    guard isCommand else {
      guard status.exitStatus != nil else { return }
      if process == group {
        group = nil
        terminal.lateReclaimIsDue = false
      }
      summary.orphans += 1
      if requested.warnsOfReaped {
        expect(.reapedOrphan(process, change.name, status))
      } else {
        expect(.reaped(process, status), from: 2)
      }
      return
    }
    switch status.change {
    case .stopped(let signal):
      isKnownAsStopped = true
      noteStop(by: signal)
    case .continued:
      isKnownAsStopped = false
      terminal.step = nil
      terminal.sentStop = nil
      terminal.isGroupStopped = false
    case .exited, .killed:
      end = status
      summary.status = status
      summary.usage = change.usage
      expect(.commandTerminated(process, status), from: 1)
      noteDeath(status)
      noteExit(at: now)
    }
  }
}

// MARK: - Actions

extension Referee {
  /// Throws if the action isn't what is to be done now.
  mutating func check(_ action: Action, _ kernel: ModelKernel) throws(Violation) {
    switch action {
    case .send(let signal, let target): return try checkSend(signal, to: target)
    case .lendTerminal(let group): return try checkLending(to: group)
    case .reclaimTerminal(let group, let process):
      return try checkTakeBack(from: group, requestedBy: process)
    case .continueOwnGroup: return try checkContinueGroup()
    default: break
    }
    if let duty = duties.first { throw Violation(rule(of: duty), "\(action) instead of \(duty)") }
    if account.victim != nil { try checkAccount(action) }
    if isExiting { try checkExiting(action) }
    switch action {
    case .examineStop(let process): try checkExamine(process)
    case .stop(let signal, let wholeGroup): try checkStop(signal, wholeGroup)
    case .report(let report, let destination): try check(report, to: destination, kernel)
    case .reap(let inspection): try check(inspection)
    case .readClock:
      if !clockIsWanted && zombieLook.step != .over {
        throw Violation(.scansForZombies, "the clock is read instead of \(zombieLook.step)")
      }
      if !clockIsWanted { throw Violation(.readsClockWithReason, "it is read while \(phase)") }
    case .takePending(let signals):
      beginLook()
      try checkRound(signals)
    case .waitBriefly: try checkSettling(kernel)
    case .readMemory(let details): try checkReadMemory(details: details, kernel)
    case .readCgroup, .lookForVictims, .takeVictim, .examineProcesses:
      try checkWatch(action)
    case .countZombies, .takeZombies, .readName: try checkZombieLook(action)
    case .signalDescendants(let request): try check(request)
    case .findSurvivor(let process): try checkSurvivors(after: process, kernel)
    case .wait(let deadline):
      mayBeStopped = false
      try checkIdle(kernel)
      if account.firstReadingIsDue { throw Violation(.readsMemory, "it waits, and didn't") }
      try checkDeadline(deadline)
    case .exit(let status):
      if dueDeath != nil { throw Violation(.exitsWithStatus, "it doesn't die of the key") }
      try checkExit(status, kernel)
    case .die(let signal, let wholeGroup): try checkDying(signal, wholeGroup, kernel)
    case .send, .lendTerminal, .reclaimTerminal, .continueOwnGroup: break
    }
  }

  private func rule(of duty: Duty) -> Violation.Rule {
    switch duty {
    case .send(_, _, .forwarding): .forwardsAtOnce
    case .send(_, _, .resuming): .resumesCommand
    case .lend: .stopsWithCommand
    case .takeBack, .continueGroup: .returnsTerminal
    }
  }

  private mutating func check(
    _ report: Report, to destination: Report.Destination, _ kernel: ModelKernel
  ) throws(Violation) {
    switch report {
    case .exitReport(let summary) where destination == .terminationLog,
      .summary(let summary) where destination == .standardError:
      return try checkSummary(summary, to: destination, kernel)
    default: break
    }
    guard destination == .standardError else {
      throw Violation(.reportsEvents, "it logs \(report)")
    }
    guard pendingReports.first == report else {
      throw Violation(.reportsEvents, "\(report) instead of \(pendingReports)")
    }
    pendingReports.removeFirst()
  }

  /// Throws if there is anything to do but to wait.
  func checkIdle(_ kernel: ModelKernel) throws(Violation) {
    if kernel.hasZombies && !kernel.pending.contains(.childChanged) {
      throw Violation(.reapsAll, "a child ended, and no signal will tell of it")
    }
    if sweepIsDue { throw Violation(.sweepsWithReason, "it has not swept first") }
    if !pendingReports.isEmpty {
      throw Violation(.reportsEvents, "nothing instead of \(pendingReports)")
    }
    if terminal.reclaimIsDue { throw Violation(.returnsTerminal, "the command's group keeps it") }
    if terminal.step != nil { throw Violation(.stopsWithCommand, "it waits instead") }
    if isBroken || mustExit || (isOver && (!requested.awaitsDescendants || !hasChildren)) {
      throw Violation(.exitsInTime, "it waits although all is over")
    }
    if let dueDescendantSignal {
      throw Violation(.signalsDescendants, "it waits instead of \(dueDescendantSignal)")
    }
    if clockIsWanted { throw Violation(.readsClockWithReason, "it waits, and didn't") }
    if signalsOfRound != nil { throw Violation(.takesRounds, "it waits in the middle of one") }
    if zombieLook.step != .over {
      throw Violation(.scansForZombies, "it waits instead of \(zombieLook.step)")
    }
    try checkWatchIsIdle()
  }

  /// Throws if a wait that no pending signal ends may be for nothing.
  func checkBlocking(_ kernel: ModelKernel) throws(Violation) {
    if kernel.hasZombies { throw Violation(.reapsAll, "it waits, and nothing tells of a zombie") }
    if isOver && !kernel.hasChildren {
      throw Violation(.exitsInTime, "it waits although the last is gone")
    }
    try checkTerminal(kernel)
    guard end == nil, let command, let process = kernel[command] else { return }
    if let stopsToResume, process.state == .stopped, process.stops == stopsToResume {
      throw Violation(.resumesCommand, "it is stopped still")
    }
  }

  private func checkExit(_ status: ExitStatus, _ kernel: ModelKernel) throws(Violation) {
    try checkTerminalIsBack(kernel)
    if isBroken {
      if status != .failure { throw Violation(.exitsWithStatus, "\(status)") }
      return
    }
    try checkIsOver(kernel)
    try checkKills(kernel)
    if !pendingSummaries.isEmpty {
      throw Violation(.reportsEvents, "it writes no summary")
    }
    if survivorsAfter != nil && hasChildren {
      throw Violation(.reportsEvents, "it names no survivors")
    }
    if let end {
      try checkStatus(status, after: end)
    } else if requested.pauses {
      if status != .success { throw Violation(.exitsWithStatus, "\(status)") }
    } else {
      try checkStatus(status, after: .killed(by: .kill))
    }
  }

  /// Throws if there is anything to do but to tell how COMMAND ended, and to leave.
  func checkIsOver(_ kernel: ModelKernel) throws(Violation) {
    if end != nil {
      try checkTerminalIsBack(kernel)
    } else if requested.pauses {
      if !wasSignalledToExit { throw Violation(.exitsInTime, "it received no stop signal") }
    } else if !mustExit {
      throw Violation(.exitsInTime, "the command was not reaped")
    }
    // One that ended since then will be reaped by whoever is PID 1, or goes with it.
    let isKnown = hasJustSwept || !kernel.pending.contains(.childChanged)
    if !isBreakingOff {
      if kernel.hasZombies && isKnown {
        throw Violation(.reapsAll, "it exits with unreaped zombies")
      }
      if sweepIsDue { throw Violation(.sweepsWithReason, "it has not swept first") }
    }
    if case .forward? = dueDescendantSignal {
      throw Violation(.signalsRemainingGroup, "the remaining group is not signalled")
    }
    if !pendingReports.isEmpty {
      throw Violation(.reportsEvents, "nothing instead of \(pendingReports)")
    }
    try checkRemainder(kernel)
  }

  private func checkStatus(_ status: ExitStatus, after end: WaitStatus) throws(Violation) {
    if status != requested.status(of: end) {
      throw Violation(.exitsWithStatus, "\(status) after \(end)")
    }
  }
}
