@testable import Supervision

/// What decides: the supervisor, or a mutant of it.
protocol Policy: ~Copyable {
  mutating func handle(_ event: Event) -> Action
}

extension Supervisor: Policy {}

/// swinit on a model kernel, watched by a referee. What else happens there is for others to decide.
struct Scene<P: Policy & ~Copyable>: ~Copyable {
  var kernel: ModelKernel
  var referee: Referee
  /// COMMAND, until the kernel has forgotten it.
  private(set) var command: ProcessID?
  private var policy: P
  @IgnoredByEquality var milestones: Set<Milestone> = []
  @IgnoredByEquality private var starvation = Starvation()
  /// All events and actions, if they are kept.
  @IgnoredByEquality private(set) var trace: [String] = []
  @IgnoredByEquality var keepsTrace = false

  init(_ kernel: ModelKernel, _ requested: RequestedOptions, _ policy: consuming P) {
    self.kernel = kernel
    self.kernel.ignoredSignals = requested.ignoredSignals
    referee = Referee(requested: requested, isPID1: kernel.isPID1)
    self.policy = policy
  }

  private var requested: RequestedOptions { referee.requested }

  /// Keeps what else happened, if that is kept.
  mutating func note(_ happening: @autoclosure () -> String) {
    if keepsTrace { trace.append(happening()) }
  }

  /// Makes COMMAND, unless there is to be none; gives the first event.
  mutating func spawn(
    _ manners: ModelProcess.Manners, takesTerminal: Bool, using chance: inout some Chance
  ) -> Event {
    if requested.pauses {
      milestones.insert(.paused)
      return .paused
    }
    let command = kernel.spawn(manners, takesTerminal: takesTerminal, using: &chance)
    self.command = command
    let terminal: TerminalAccess =
      switch kernel.terminal?.foreground {
      case nil: .none
      case command: .foreground
      default: .background
      }
    return .started(command, terminal: terminal)
  }

  /// Takes what happened; gives what swinit does then. Throws the first rule that is broken.
  mutating func decide(on event: Event) throws(Violation) -> Action {
    if case .received(let received) = event { starvation.noteTaken(received.signal) }
    referee.note(event, at: kernel.now)
    let action = policy.handle(event)
    if keepsTrace { trace.append("\(event) -> \(action)") }
    try referee.check(action, kernel)
    if case .delayed = referee.phase { milestones.insert(.signalDelayed) }
    if referee.following != nil { milestones.insert(.delayReleased) }
    if case .wait = action, referee.isOver, !referee.hasBegun {
      milestones.insert(.daemonAwaited)
    }
    if referee.isBreakingOff { milestones.insert(.sweepBrokenOff) }
    try starvation.note(action, deadline: referee.deadline, kernel)
    if case .report(let report, _) = action {
      milestones.formUnion(report.milestones)
      try referee.checkVictim(report, &kernel)
    }
    return action
  }

  /// Does what swinit does; gives what comes of it.
  mutating func perform(
    _ action: Action, using chance: inout some Chance
  ) throws(Violation) -> Event {
    switch action {
    case .readClock: return .clock(now: kernel.now)
    case .reap(let inspection): return kernel.reap(inspection, using: &chance)
    case .readMemory(let details):
      kernel.pass(milliseconds: kernel.readingMilliseconds)
      return .memory(kernel.readMemory(details: details))
    case .readCgroup: return .cgroup(kernel.readCgroup())
    case .lookForVictims(let purpose):
      kernel.pass(milliseconds: kernel.walkMilliseconds)
      return kernel.lookForVictims(purpose)
    case .takeVictim(let kind): return .victim(kernel.takeVictim(kind))
    case .examineProcesses: return .processLimit(kernel.examineProcesses())
    case .countZombies:
      kernel.pass(milliseconds: kernel.scanMilliseconds)
      return .zombies(kernel.countZombies())
    case .takeZombies: return .zombies(kernel.takeZombies())
    case .readName(let process):
      if referee.zombieLook.reportedBefore[process.rawValue] != nil {
        milestones.insert(.zombiesReportedAgain)
      }
      return .name(kernel.name(of: process))
    case .send(let signal, let target): return try send(signal, to: target)
    case .signalDescendants(let request): return try signalDescendants(request, using: &chance)
    case .findSurvivor(let process):
      let survivor = kernel.survivor(after: process)
      if survivor != nil { milestones.insert(.survivorNamed) }
      return .survivor(survivor)
    case .lendTerminal(let group):
      let isLent = kernel.lendTerminal(to: group)
      if isLent { milestones.insert(.terminalLent) }
      return .lentTerminal(isLent)
    case .reclaimTerminal(let group, let process):
      let isForMember = referee.isAsked
      let outcome = kernel.reclaimTerminal(from: group, requestedBy: process)
      note(outcome, isForMember: isForMember)
      return .reclaimedTerminal(outcome)
    case .continueOwnGroup:
      kernel.continueOwnGroup()
      kernel.dropSignal(.continue)
      milestones.insert(.groupContinued)
      return .continuedOwnGroup
    case .examineStop(let process):
      milestones.insert(.stopExamined)
      return .examinedStop(hasStoppedItself: kernel[process]?.hasStoppedItself ?? false)
    case .report(_, let destination):
      if destination == .terminationLog { milestones.insert(.logged) }
      return .reported
    case .takePending(let signals):
      guard let received = kernel.takeSignal(among: signals) else { return .noSignal }
      noteSignal(received)
      return .received(received)
    case .wait, .waitBriefly, .stop, .exit, .die:
      preconditionFailure("others decide what comes of it")
    }
  }
}

extension Scene: Copyable where P: Copyable {}
extension Scene: Equatable where P: Hashable {}
extension Scene: Hashable where P: Hashable {}

// MARK: - Signals

extension Scene where P: ~Copyable {
  private mutating func send(_ signal: Signal, to target: Target) throws(Violation) -> Event {
    let process = command.flatMap { kernel[$0] }
    if let process, process.state == .stopped, !process.isProtected, process.isAmong(target) {
      referee.noteSend(toCommandStopped: process.stops)
    }
    if case .process = target, !requested.singleChild { milestones.insert(.commandLeftItsGroup) }
    let error = kernel.send(signal, to: target)
    if error == .notPermitted { milestones.insert(.notPermitted) }
    try checkStrangers()
    let notesTick = signal == requested.substitute(for: .terminate)
    return .sent(error, at: notesTick ? kernel.tick : nil)
  }

  private mutating func signalDescendants(
    _ request: DescendantSignal, using chance: inout some Chance
  ) throws(Violation) -> Event {
    switch request {
    case .terminate(_, _, let tick):
      milestones.insert(tick != nil ? .groupAlreadySignalled : .descendantsSignalled)
    case .forward: break
    case .kill: milestones.insert(.gracePeriodOver)
    }
    kernel.pass(milliseconds: kernel.walkMilliseconds)
    if referee.descendantSignalIsForwarded { kernel.forgetForwarded() }
    let killed = kernel.killedCount
    let foundDescendants = kernel.signalDescendants(request, using: &chance)
    if case .forward = request {
      if foundDescendants {
        milestones.insert(
          !requested.awaitsDescendants ? .remainingGroupSignalled : .forwardedToDescendants)
      }
    } else if !foundDescendants {
      milestones.insert(.blind)
    }
    try checkStrangers()
    if case .kill(_, names: true) = request {
      if killed > 0 { milestones.insert(.killedNamed) }
      return .killedDescendants(count: killed, found: !kernel.isBlind)
    }
    return .signalledDescendants(found: foundDescendants)
  }

  private func checkStrangers() throws(Violation) {
    if kernel.hasSignalledTwice { throw Violation(.asksOnce, "a process already had the signal") }
    if kernel.hasMissedProcess { throw Violation(.asksOnce, "a process never had the signal") }
    // As PID 1 it tells all, if it can't tell them apart.
    if kernel.hasMetStranger && !(kernel.isBlind && kernel.isPID1) {
      throw Violation(.signalsOnlyDescendants, "a stranger was")
    }
  }

  /// Takes note of what a signal comes upon.
  mutating func noteSignal(_ received: ReceivedSignal) {
    let signal = received.signal
    if signal.rawValue >= 32 && kernel.pending.contains(signal) {
      milestones.insert(.realTimeSignalsQueued)
    }
    guard let command, let process = kernel[command], signal != .childChanged else { return }
    if requested.substitute(for: signal) == nil { milestones.insert(.signalDropped) }
    if requested.substitute(for: signal) != signal { milestones.insert(.signalRewritten) }
    if process.isZombie { milestones.insert(.signalToZombieCommand) }
    let sent = requested.substitute(for: signal)
    if let sent, requested.isStopSignal(received, as: sent), process.state == .stopped {
      milestones.insert(.stopSignalToStoppedCommand)
      if !referee.isKnownAsStopped { milestones.insert(.unknownStop) }
    }
  }

  private mutating func note(_ outcome: ReclaimOutcome, isForMember: Bool) {
    switch outcome {
    case .reclaimedFromCommand: milestones.insert(.terminalTakenBack)
    case .reclaimedFromEmptyGroup: milestones.insert(.terminalWithoutForeground)
    case .leftToOtherGroup: if isForMember { milestones.insert(.jobInBackground) }
    case .alreadyOwn, .leftToCommand: break
    }
    if isForMember && outcome == .reclaimedFromCommand {
      milestones.insert(.terminalTakenForMember)
    }
  }

  /// Takes note of how it ends.
  mutating func noteExit(_ status: ExitStatus) {
    if kernel.processes.contains(where: { $0.isDescendant }) {
      milestones.insert(.descendantOutlivesCommand)
    }
    if requested.exitStatuses.contains(where: { $0.value == status.rawValue && $0.key != $0.value })
    {
      milestones.insert(.statusMapped)
    }
    if referee.mustExit { milestones.insert(.lastDeadline) }
    if let death = referee.dueDeath {
      milestones.insert(death.wholeGroup ? .killedWithGroup : .killedByKey)
    }
  }
}
