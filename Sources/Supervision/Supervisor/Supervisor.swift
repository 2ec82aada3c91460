/// The whole policy of swinit, without effects: what happened comes in as an event, what to do next goes
/// out as an action, and the outcome of that action is the next event.
///
/// An event is first recorded by the state machines that it concerns. Then the most urgent action that
/// one of them asks for comes next.
public struct Supervisor: ~Copyable {
  // What is small comes first: within 128 bytes of the start, each access takes three bytes less, in all
  // 700.

  /// Whether swinit is PID 1, which cannot stop.
  public var isPID1 = false
  /// Whether a call has failed without which nothing can be supervised.
  private(set) var hasFailed = false

  var command = Command.none
  var shutdown = Shutdown.notStarted
  var remaining = RemainingDescendants()
  var reaping = Reaping()
  var rounds = SignalRounds()
  var forwarding = Forwarding()
  var terminal = TerminalControl()
  var oom = OOMAttribution()

  /// What the command line and the environment ask for.
  public let options: Options
  var zombies = ZombieReporter()
  var watch = CgroupWatch()
  var reporting: Reporting

  /// A supervisor that does what the options ask for. Its first event is `started` or `paused`.
  @inline(__always)
  public init(options: Options) {
    self.options = options
    reporting = Reporting(logs: options.terminationLog != nil)
  }

  /// Records an event, and gives the next action. No event follows `Action.exit`.
  ///
  /// Inlined into the loop, with what the loop does for each orphan, events and actions need not be
  /// packed into bytes and unpacked again: that takes half the instructions, and fewer bytes.
  @inline(__always)
  public mutating func handle(_ event: Event) -> Action {
    switch event {
    case .started(let process, let terminal): recordStart(of: process, terminal)
    case .paused: report(.pausing, atVerbosity: 1)
    case .noSignal:
      noteEndOfWait()
      rounds.end()
      terminal.noteNoSignal()
    case .received(let signal):
      noteEndOfWait()
      record(signal)
    case .deadlinePassed(let now): recordDeadline(now)
    case .clock(let now): recordClock(now)
    case .changed(let change):
      if isUnreportedOrphan(change) {
        countOrphan()
        // All that is more urgent was done before the sweep.
        if reaping.isUrgent { return .reap(inspection) }
      } else {
        record(change)
      }
    case .swept(let hasChildren): recordSweep(hasChildren)
    case .sent(let error, let tick): recordDelivery(error, tick)
    case .signalledDescendants(let found): recordDescendantSignal(found)
    case .killedDescendants(let count, let found): recordDescendantKill(count, found)
    case .survivor(let process): recordSurvivor(process)
    case .lentTerminal(let isLent): recordLending(isLent)
    case .reclaimedTerminal(let outcome): recordReclaimedTerminal(outcome)
    case .continuedOwnGroup: recordContinuedGroup()
    case .examinedStop(let hasStoppedItself): recordExamination(hasStoppedItself)
    case .resumed: recordResumption()
    case .couldNotStop: recordFailureToStop()
    case .memory(let reading): record(reading)
    case .cgroup(let events): record(events)
    case .remembered(let pages, let time, let now): watch.noteRemembered(pages, time, now)
    case .foundVictims(let victims, let time, let now): record(victims, time, now)
    case .victim(let victim): record(victim)
    case .processLimit(let limit): record(limit)
    case .zombies(let count): zombies.record(count)
    case .name(let name): recordParent(named: name)
    case .reported: reporting.noteWritten()
    case .broken(let error): giveUp(.cannotSupervise(error))
    }
    return nextAction()
  }

  /// The most urgent action that a state machine asks for: the first of these rungs that has one.
  ///
  /// Inlined, as are the getters that give an action and the queries: a report makes an action 59 bytes
  /// large, and to return one copies it; to call a non-mutating function copies the supervisor, 1.4 kB.
  /// That would take 2,144 bytes, and 10,000 instructions for an orphan in place of 500.
  @inline(__always)
  private mutating func nextAction() -> Action {
    // A second stop signal follows the first one, which it has released, at once.
    if case .some = forwarding.next { forwardNext() }
    // The command has the terminal before a signal makes it continue, and use the terminal.
    if let action = nextTerminalRequest() { return action }
    // A signal is forwarded before anything else that takes time.
    if let action = forwarding.nextAction { return action }
    // The shell has its terminal again before anything is written to it.
    if let action = nextReclaim() { return action }
    // A report is written before the next event, which may have a report too. (`if let action` would
    // copy 58 bytes for each action, and `!= nil` would compare reports, in 5 kB.)
    if case .some = reporting.next, let report = reporting.next {
      return .report(report, to: .standardError)
    }
    // The count of OOM kills says most while the victim is the last process that was reaped.
    if let action = oom.nextAction { return action }
    // All that follows depends on what the sweep finds.
    if reaping.isUrgent { return .reap(inspection) }
    // A period begins as soon as everything is known that may begin it.
    if clockIsDue() { return .readClock }
    // The remaining descendants are signalled after a sweep: it has found that there are any.
    if let action = remaining.nextAction { return action }
    // What may have been killed is looked for once no child of swinit's explains it, and before the exit.
    if let action = nextWatchAction() { return action }
    // swinit exits when the sweep has ended, and everything is known that may keep it.
    if let exitStatus {
      return nextReclaimAtExit() ?? nextSurvivorSearch ?? nextSummary ?? exit(exitStatus)
    }
    // Pending signals come before what may take long: a stop, a scan, more of the sweep.
    if let action = rounds.nextAction { return action }
    // swinit stops with the command if no change of a child and no signal contradicts it.
    if let action = nextStopAction() { return action }
    // A scan looks at every process. Only the rest of a long sweep waits for it.
    if let action = zombies.nextAction { return action }
    // The sweep goes on after it has yielded: the others had their turn.
    if reaping.isDue { return .reap(inspection) }
    // The memory is first read when there is nothing else to do: it would delay everything else.
    if let action = oom.nextFirstReading(hasDeadline: deadline != nil) { return action }
    // The watch on the control group begins where that reading ended.
    if let action = nextWatchBeginning { return action }
    // There is nothing to do until the next signal or deadline.
    return .wait(until: deadline)
  }

  /// The deadline of shutdown, the next scan for zombies or the next look of the watch, whichever is first.
  private var deadline: Instant? {
    @inline(__always) get {
      Instant.first(shutdown.deadline, Instant.first(zombies.deadline, watch.deadline))
    }
  }

  /// Whether a moment is wanted that is not known yet. The clock is read only then.
  @inline(__always)
  private func clockIsDue() -> Bool {
    if shutdown.needsClock && reaping.hasChildren || reaping.needsClock { return true }
    if rounds.takesLong && shutdown.deadline != nil { return true }
    if zombieCheckPeriod != nil, zombies.needsClock { return true }
    return wantsSummary && reporting.needsClock(commandHasExited: command.hasExited)
  }

  @inline(__always)
  private mutating func recordClock(_ now: Instant) {
    rounds.noteClock()
    recordShutdownDeadline(now)
    if reaping.needsClock {
      reaping.noteClock()
      signalRemainingDescendants()
      rounds.begin()
    }
    recordMoments(now)
  }

  private mutating func recordDeadline(_ now: Instant) {
    recordShutdownDeadline(now)
    recordMoments(now)
  }

  /// Begins what begins at this moment.
  private mutating func recordMoments(_ now: Instant) {
    shutdown.startPeriod(options, at: now)
    recordZombieCheck(now)
    beginLook(at: now)
    reporting.note(now, commandHasExited: command.hasExited)
  }

  /// A wait has ended, unless pending signals are taken. Until the memory is first read, swinit waits only
  /// to give the command a moment to itself.
  private mutating func noteEndOfWait() {
    if !rounds.isUnderWay { oom.noteEndOfDeferral() }
  }

  /// Nothing can be supervised any more, for the reason that this reports.
  mutating func giveUp(_ reason: Report) {
    hasFailed = true
    reaping.stop()
    remaining.stop()
    reporting.dropSummary()
    if !command.hasExited { terminal.noteGivingUp() }
    report(reason)
  }
}
