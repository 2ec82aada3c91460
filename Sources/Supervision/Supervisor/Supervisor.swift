/// The whole policy of swinit, without effects: what happened goes in as an event, what to do next
/// comes out as an action, and the outcome of that action is the next event.
///
/// An event is first recorded as facts of the state; then the most urgent thing that the facts
/// leave to do comes next, and waiting only when there is nothing else.
public struct Supervisor: ~Copyable {
  /// What the scan for zombies that other processes leave does next.
  enum ZombieCheck {
    /// It is due: pending signals come first.
    case begun
    case counted
    case found
    case over
  }

  /// One that was killed by a signal that swinit didn't send.
  struct Victim {
    let process: ProcessID
    let name: ProcessName
    let isCommand: Bool
  }

  /// How many changes of children are taken before the deadline and signals have their turn: there
  /// may be no end of zombies, nor of stops.
  var reapsAtATime = 1000
  /// How many changes one reading of the memory counts as: it takes about as long.
  static let reapsPerMemoryReading = 20

  /// What the command line and the environment ask for.
  public let options: Options
  /// Whether it is PID 1, which can't stop.
  public var isPID1 = false

  var command = Command.none
  var shutdown = Shutdown.notStarted
  var remainder = RemainingDescendants()
  /// Whether a call has failed that nothing can be supervised without.
  var hasFailed = false

  /// Whether there may be a zombie that no sweep has seen. It is so at first: a program that
  /// swinit's image replaced may have left some.
  var sweepIsDue = true
  /// How many changes this sweep has taken since others had their turn.
  var reaps = 0
  /// Whether the clock was read for the others' turn.
  var hasReadClockInTurn = false
  /// Whether the command is continued if it is stopped when the sweep that is due has ended.
  var resumesIfStopped = false
  /// Whether the last sweep left any children.
  var hasChildren = true

  var rounds = SignalRounds()
  var forwarding = Forwarding()
  var terminal = TerminalControl()

  /// Whether this sweep reads the names of killed children: SIGCHLD, or the sweep itself, has come
  /// upon one, and a memory shortage seldom kills one alone.
  var namesKilled = false
  var memory = MemoryAccount()
  /// Whether the memory's first reading is due: not before there is nothing better to do.
  var memoryIsDue = true
  /// Whether COMMAND had a moment to itself before that.
  var hasSettled = false
  /// One that was killed, until it is known why.
  var victim: Victim?

  var zombieWatch = ZombieWatch()
  var zombieCheck = ZombieCheck.over
  var zombies = ZombieCount(parent: .nobody, count: 0)
  var nextZombieCheck: Instant?

  /// What the summary reports, as far as it is known.
  var summary = Summary()
  var startOfCommand: Instant?
  var endOfCommand: Instant?
  var hasSummarized = false
  var hasLogged = false
  /// What is reported next.
  var nextReport: Report?

  /// A supervisor that does what the options ask for. Its first event is `started` or `paused`.
  @inline(__always)
  public init(options: Options) { self.options = options }

  /// Takes what happened, and gives what to do next. After `Action.exit` it takes no more events.
  ///
  /// Inlined into the loop, with what the loop does for each orphan, events and actions need not be
  /// packed into bytes and unpacked again: that takes half the instructions, and fewer bytes.
  @inline(__always)
  public mutating func handle(_ event: Event) -> Action {
    switch event {
    case .started(let process, let terminal): recordStart(of: process, terminal)
    case .paused, .reported: break
    case .settled:
      rounds.end()
      terminal.noteSilence()
    case .received(let signal): record(signal)
    case .deadlinePassed(let now): recordDeadline(now)
    case .clock(let now): recordClock(now)
    case .changed(let change):
      if countsQuietly(change) { return .reap(inspection) }
      record(change)
    case .swept(let hasChildren): recordSweep(hasChildren)
    case .sent(let error): recordDelivery(error)
    case .signalledDescendants(let found): recordDescendantSignal(found)
    case .lentTerminal(let isLent): recordLending(isLent)
    case .tookTerminalBack(let outcome): recordTakeBack(outcome)
    case .continuedOwnGroup: recordContinuedGroup()
    case .examinedStop(let hasStoppedItself): recordExamination(hasStoppedItself)
    case .resumed: recordResumption()
    case .leftStopped: recordLeftStopped()
    case .memory(let reading): record(reading)
    case .zombies(let zombies): record(zombies)
    case .name(let name): recordZombies(ofParentNamed: name)
    case .broken(let error): giveUp(.cannotSupervise(error))
    }
    return nextAction()
  }

  /// The most urgent action that the facts ask for. The order of these lines is the whole priority.
  ///
  /// Inlined, as are the functions below that return an action: a report makes an action 218 bytes
  /// large, and to return one copies it; to call a non-mutating function copies the supervisor. So an
  /// orphan takes 1,900 instructions, and 10,000 otherwise.
  @inline(__always)
  private mutating func nextAction() -> Action {
    // The command has the terminal before a signal makes it continue, and touch the terminal.
    if let action = nextTerminalRequest() { return action }
    // A signal is forwarded before anything else that takes time.
    if let action = forwarding.nextAction { return action }
    // The shell has its terminal again before anything is written to it.
    if let action = nextReclaim() { return action }
    // Before the next event, which may be reported too. (`if let` would copy 217 bytes for each
    // action, and `!= nil` would compare reports, in 5 kB.)
    if case .some = nextReport, let report = nextReport.take() {
      return .report(report, to: .standardError)
    }
    // The count of OOM kills says most while this is the last process that was reaped.
    if victim != nil { return .readMemory(details: true) }
    // What the sweep finds decides on all that follows. It has no end while processes exit as fast as
    // they are reaped: after so many the others have a turn.
    if sweepIsDue && !turnIsOver { return .reap(inspection) }
    // A period begins as soon as all is known that may begin it.
    if clockIsDue() { return .readClock }
    // The remaining descendants are signalled after a sweep: it has found that there are any.
    if let action = remainder.nextAction { return action }
    // The last that swinit does, with the whole state of affairs known and the sweep finished.
    if let exitStatus {
      return nextReclaimAtExit() ?? nextSummaryAction() ?? exit(exitStatus)
    }
    // Pending signals come before what may take long: a stop, a scan, more of the sweep.
    if let action = rounds.nextAction { return action }
    // swinit stops with the command when no change of a child and no signal contradicts it.
    if let action = nextStopAction() { return action }
    // A scan looks at every process. Nothing but the rest of a long sweep waits for it.
    if let action = nextZombieAction() { return action }
    // The others had their turn.
    if sweepIsDue {
      beginTurn()
      return .reap(inspection)
    }
    // The first reading of the memory is for later: it is done when there is nothing else to do.
    if memoryIsDue { return firstReading() }
    return .wait(until: deadline)
  }

  /// A COMMAND that ends at once isn't kept by files that are read beside it. (5 ms are longer than
  /// most kernels' tick, 4 ms: a timer that comes after the tick costs next to nothing, a shorter one
  /// a reprogramming of the clock, and back when COMMAND has ended.)
  @inline(__always)
  private mutating func firstReading() -> Action {
    if hasSettled || deadline != nil { return .readMemory(details: false) }
    hasSettled = true
    return .settle(milliseconds: 5)
  }

  /// The deadline of shutdown, or the next scan for zombies, whichever is first.
  private var deadline: Instant? {
    @inline(__always) get {
      guard let nextZombieCheck else { return shutdown.deadline }
      return shutdown.deadline.map { min($0, nextZombieCheck) } ?? nextZombieCheck
    }
  }

  /// Nothing can be supervised any more, as this report says.
  mutating func giveUp(_ reason: Report) {
    hasFailed = true
    sweepIsDue = false
    remainder.next = nil
    hasSummarized = true
    report(reason)
  }

  /// Reports something if the verbosity is at least this.
  mutating func report(_ next: @autoclosure () -> Report, atVerbosity verbosity: Int) {
    if options.verbosity >= verbosity { report(next()) }
  }

  /// Reports something. There is never more than one report at a time.
  @inline(never)
  mutating func report(_ next: Report) {
    assert(nextReport == nil)
    nextReport = next
  }
}
