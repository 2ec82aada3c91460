/// The whole policy of swinit, without effects: what happened goes in as an event, what to do next
/// comes out as an action, and the outcome of that action is the next event.
///
/// An event is first recorded as facts of the state; then the most urgent thing that the facts
/// leave to do comes next, and waiting only when there is nothing else.
public struct Supervisor: ~Copyable {
  /// What is known of COMMAND.
  enum Life {
    /// There is none: `--pause`.
    case absent
    /// It lives; or it died, and isn't reaped yet, so that its number is still its own.
    case running
    /// The same, but that it is stopped.
    case stopped
    /// It was reaped. There may be others in its group.
    case ended
  }

  /// How far the end has come that `--kill-after` asks for.
  enum End {
    /// Nobody was asked to end.
    case ahead
    /// It begins now; when it must be over isn't known yet.
    case begun
    /// Everybody has until the deadline to end.
    case grace
    /// All that is left was killed, and is waited for until the deadline.
    case killing
  }

  /// What the scan for zombies that other processes leave does next.
  enum ZombieCheck {
    /// It is due: pending signals come first.
    case begun
    case counted
    case found
    case over
  }

  /// A signal that is to be sent.
  struct Delivery {
    let signal: Signal
    var target: Target
    let purpose: Purpose

    /// Why a signal is sent.
    enum Purpose {
      /// swinit received this signal, which may be rewritten, from this sender.
      case forwarded(Signal, from: ReceivedSignal.Sender)
      /// COMMAND is stopped, and has a reason to go on.
      case resumed
    }
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
  /// How many signals are taken before there is a round of signals.
  var signalsBetweenRounds = 256
  /// How many signals a walk through the descendants counts as: it looks at every process.
  static let signalsPerWalk = 32

  /// What the command line and the environment ask for.
  public let options: Options
  /// Whether it is PID 1, which can't stop.
  public var isPID1 = false

  /// COMMAND's number, which is that of its group too.
  var command: ProcessID?
  var life = Life.absent
  /// What COMMAND's end is reported as.
  var status = ExitStatus.success
  /// Set when there is nothing left to do but to leave, after the sweep if one is due.
  var exitStatus: ExitStatus?

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

  /// The signals that a round of signals still looks for; nil between rounds.
  ///
  /// The kernel hands out pending signals by number, not by age, so a storm of one of them could keep
  /// others, CHLD among them, from ever being taken. In a round, each number is taken once at most.
  var signalsOfRound: SignalSet?
  /// How many signals were taken since the last round.
  var signalsSinceRound = 0
  /// Whether a signal of the round had swinit look at every process, so that the deadline may have
  /// passed meanwhile.
  var hasWalkedInRound = false

  /// What is sent now, until its outcome is known; and what follows it.
  var delivery: Delivery?
  var nextDelivery: Delivery?
  /// Whether COMMAND or somebody in its group was sent KILL, in place of another signal.
  var hasSentKill = false
  var hasSaidNotPermitted = false

  var end = End.ahead
  /// When it must be over; nil while nothing says so.
  var endDeadline: Instant?
  /// What is done next among the descendants.
  var descendantSignal: DescendantSignal?
  /// Whether COMMAND's group was sent TERM, so that nobody in it is told again.
  var groupWasSignalled = false
  /// Whether everybody was told to end after COMMAND did.
  var allWereTold = false
  var hasSaidBlind = false

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
      endRound()
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

  /// The terminal is handed over before COMMAND goes on and may touch it. Signals come next. When
  /// COMMAND has ended, its number may be another's: the remaining members of its group are signalled
  /// as descendants, when a sweep has found that there are any. Pending signals are taken before a
  /// scan for zombies, which may take long, and before a sweep goes on that has had its turn. A wait
  /// comes last.
  ///
  /// Inlined, as are the functions below that return an action: a report makes an action 218 bytes
  /// large, and to return one copies it; to call a non-mutating function copies the supervisor. So an
  /// orphan takes 1,900 instructions, and 10,000 otherwise.
  @inline(__always)
  private mutating func nextAction() -> Action {
    if let action = nextTerminalRequest() { return action }
    if let delivery { return .send(delivery.signal, to: delivery.target) }
    if let action = nextReclaim() { return action }
    // `if let` would copy 217 bytes for each action, and `!= nil` would compare reports, in 5 kB.
    if case .some = nextReport, let report = nextReport.take() {
      return .report(report, to: .standardError)
    }
    if victim != nil { return .readMemory(details: true) }
    if sweepIsDue && !turnIsOver { return .reap(inspection) }
    if clockIsDue() { return .readClock }
    if let exitStatus { return nextReclaimAtExit() ?? nextSummaryAction() ?? exit(exitStatus) }
    if let descendantSignal { return .signalDescendants(descendantSignal) }
    if life == .ended, options.killAfter == nil || !hasChildren {
      return nextReclaimAtExit() ?? nextSummaryAction() ?? exit(status)
    }
    if let signalsOfRound { return .takePending(signalsOfRound) }
    if let action = nextStopAction() { return action }
    if let action = nextZombieAction() { return action }
    if sweepIsDue {
      beginTurn()
      return .reap(inspection)
    }
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

  /// The end's deadline, or the next look for zombies, whichever is first.
  private var deadline: Instant? {
    guard let nextZombieCheck else { return endDeadline }
    return endDeadline.map { min($0, nextZombieCheck) } ?? nextZombieCheck
  }

  /// Nothing can be supervised any more.
  mutating func giveUp(_ report: Report) {
    exitStatus = .failure
    sweepIsDue = false
    hasSummarized = true
    say(report)
  }

  /// Says something to those who asked for that much.
  mutating func say(_ report: @autoclosure () -> Report, from verbosity: Int) {
    if options.verbosity >= verbosity { say(report()) }
  }

  /// Says something. There is never more than one thing to say.
  @inline(never)
  mutating func say(_ report: Report) {
    assert(nextReport == nil)
    nextReport = report
  }
}
