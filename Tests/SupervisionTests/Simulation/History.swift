@testable import Supervision

/// What decides: the supervisor, or a mutant of it.
protocol Policy: ~Copyable {
  mutating func handle(_ event: Event) -> Action
  /// What is said, if that was the last action.
  var said: Said { get }
}

extension Supervisor: Policy {
  var said: Said { Said(report, summary) }
}

/// One life of swinit, from the spawn to its end, in which all that is left to chance is decided by
/// a seed.
struct History<P: Policy & ~Copyable>: ~Copyable {
  /// More actions than any history takes.
  private static var limit: Int { 2_000 }

  private(set) var milestones: Set<Milestone> = []
  /// All events and actions, if asked for.
  private(set) var trace: [String] = []
  private let keepsTrace: Bool
  private let wishes: Wishes
  /// Whether system calls that swinit can't do without fail now and then.
  private let breaks: Bool
  /// Whether swinit's group is orphaned, so that the kernel doesn't let it stop.
  private let isOrphaned: Bool
  private var kernel: ModelKernel
  private var policy: P
  private var referee: Referee
  private var life: Life
  private var generator: SplitMix64
  private var command: ProcessID?

  /// A history that follows from the seed, and from what is made of the wishes (as PID 1 or not).
  init(seed: UInt64, keepsTrace: Bool = false, _ policy: (Wishes, Bool) -> P) {
    generator = SplitMix64(seed: seed)
    self.keepsTrace = keepsTrace
    wishes = Wishes(using: &generator)
    life = Life(using: &generator)
    breaks = Int.random(in: 0..<32, using: &generator) == 0
    isOrphaned = Int.random(in: 0..<8, using: &generator) == 0
    kernel = ModelKernel(swinit: ProcessID(rawValue: Bool.random(using: &generator) ? 1 : 7))
    referee = Referee(wishes: wishes, isPID1: kernel.isPID1)
    self.policy = policy(wishes, kernel.isPID1)
  }

  /// Lives it; throws the first rule that is broken.
  mutating func run() throws(Violation) {
    defer { milestones.formUnion(kernel.milestones) }
    var event = begin()
    for _ in 0..<History.limit {
      referee.note(event, at: kernel.now)
      let action = policy.handle(event)
      var said: Said?
      if case .report = action { said = policy.said }
      if keepsTrace { trace.append("\(event) -> \(action) \(said.map { "\($0)" } ?? "")") }
      try referee.check(action, saying: said, kernel)
      if let said { milestones.formUnion(said.milestones) }
      if case .exit(let status) = action { return noteExit(status) }
      if !referee.isInstant { liveOn() }
      event = try perform(action)
    }
    throw Violation(.ends, "it goes on and on")
  }

  private mutating func begin() -> Event {
    kernel.isBlind = Int.random(in: 0..<16, using: &generator) == 0
    kernel.memory = ModelMemory(using: &generator)
    for _ in 0..<Int.random(in: -4...2, using: &generator).clamped {
      kernel.inherit(isZombie: .random(using: &generator), using: &generator)
    }
    if Bool.random(using: &generator) {
      kernel.terminal = ModelTerminal(
        ownGroup: ProcessID(rawValue: kernel.isPID1 ? 1 : 6), hasShell: !kernel.isPID1,
        isForeground: .random(using: &generator))
    }
    if wishes.pauses {
      milestones.insert(.paused)
      return .paused
    }
    let manners = ModelProcess.Manners.allCases.randomElement(using: &generator) ?? .obeys
    let command = kernel.spawn(manners, using: &generator)
    self.command = command
    return .started(command, hasTerminal: kernel.terminal?.foreground == command)
  }

  /// Now and then something happens while swinit acts.
  private mutating func liveOn() {
    for _ in 0..<Int.random(in: 0...2, using: &generator) { live() }
    kernel.pass(milliseconds: Int64.random(in: 0...1, using: &generator))
  }

  private mutating func live() { life.step(&kernel, using: &generator) }

  private mutating func perform(_ action: Action) throws(Violation) -> Event {
    switch action {
    case .wait(let deadline): return try wait(until: deadline)
    case .settle: return settle()
    case .readClock: return .clock(now: kernel.now)
    case .reap(let inspection):
      return doesBreak() ? .broken(.notPermitted) : kernel.reap(inspection, using: &generator)
    case .readMemory(let details): return .memory(kernel.readMemory(details: details))
    case .countZombies: return .zombies(kernel.countZombies())
    case .takeZombies: return .zombies(kernel.takeZombies())
    case .readName(let process):
      if referee.zombieLook.toldBefore[process.rawValue] != nil {
        milestones.insert(.zombiesToldAgain)
      }
      return .name(kernel.name(of: process))
    case .send(let signal, let target): return try send(signal, to: target)
    case .run(let errand): return try run(errand)
    case .handTerminal(let group):
      let isHanded = kernel.handTerminal(to: group)
      if isHanded { milestones.insert(.terminalHanded) }
      return .handedTerminal(isHanded)
    case .reclaimTerminal(let group):
      kernel.reclaimTerminal(from: group)
      milestones.insert(.terminalReclaimed)
      return .reclaimedTerminal
    case .stop(let signal, _, let group): return stop(by: signal, group)
    case .report(let toLog):
      if toLog { milestones.insert(.logged) }
      return .reported
    case .exit: preconditionFailure("nothing comes after it")
    }
  }

  private mutating func doesBreak() -> Bool {
    guard breaks, Int.random(in: 0..<8, using: &generator) == 0 else { return false }
    milestones.insert(.broken)
    return true
  }
}

// MARK: - Waiting

extension History where P: ~Copyable {
  private mutating func wait(until deadline: Instant?) throws(Violation) -> Event {
    if doesBreak() { return .broken(.notPermitted) }
    while true {
      if let deadline, kernel.now >= deadline {
        if kernel.hasZombies { milestones.insert(.endedAtDeadline) }
        return .deadlinePassed(now: kernel.now)
      }
      if let received = kernel.takeSignal() {
        noteSignal(received)
        return .received(received)
      }
      try referee.checkBlocking(kernel)
      if life.isOver { bringToAnEnd(until: deadline) } else { live() }
      // What happens may do so in the very instant of the deadline.
      let span = Int64.random(in: 0...400, using: &generator)
      let later = kernel.now.later(byMilliseconds: span)
      kernel.pass(until: min(later, deadline ?? later))
    }
  }

  /// What happens in a moment.
  private mutating func settle() -> Event {
    if kernel.pending.isEmpty { live() }
    guard let received = kernel.takeSignal() else { return .settled }
    milestones.insert(.unsettled)
    noteSignal(received)
    return .received(received)
  }

  /// Nothing happens by itself any more: somebody ends, or time goes by, or swinit is told to end.
  private mutating func bringToAnEnd(until deadline: Instant?) {
    if let deadline, Bool.random(using: &generator) { return kernel.pass(until: deadline) }
    let commandIsAlive = command.flatMap { kernel[$0] }?.isAlive ?? false
    if let command, commandIsAlive {
      end(command)
    } else if wishes.pauses && !referee.wasToldToEnd {
      let signal = Bool.random(using: &generator) ? Signal.terminate : .interrupt
      kernel.raise(ReceivedSignal(signal, from: .outside))
    } else if let process = kernel.processes.filter({ $0.isDescendant && $0.isAlive })
      .randomElement(using: &generator)
    {
      end(process.id)
    }
  }

  /// A process ends in whatever way it can.
  private mutating func end(_ id: ProcessID) {
    kernel.release(id)
    let isRunning = kernel[id]?.state == .running
    kernel.end(id, isRunning ? life.exit(using: &generator) : .killed(by: .kill))
  }

  /// swinit stops, and its shell, or whoever stopped it, continues it.
  private mutating func stop(by signal: Signal, _ group: ProcessID) -> Event {
    if signal != .terminalStop { milestones.insert(.terminalInput) }
    kernel.reclaimTerminal(from: group)
    if isOrphaned {
      milestones.insert(.couldNotStop)
      return .resumed
    }
    milestones.insert(.stoppedLikeCommand)
    kernel.terminal?.takeByShell()
    for _ in 0..<Int.random(in: 0...4, using: &generator) { live() }
    if Bool.random(using: &generator) { kernel.terminal?.giveToSwinit() }
    kernel.dropSignal(.continue)
    return .resumed
  }
}

extension Int {
  /// Zero if it is less.
  fileprivate var clamped: Int { Swift.max(self, 0) }
}

// MARK: - Signals and errands

extension History where P: ~Copyable {
  private mutating func send(_ signal: Signal, to target: Target) throws(Violation) -> Event {
    let process = command.flatMap { kernel[$0] }
    if let process, process.state == .stopped, !process.isProtected, process.isAmong(target) {
      referee.noteSend(toCommandStopped: process.stops)
    }
    if case .process = target, !wishes.singleChild { milestones.insert(.commandLeftItsGroup) }
    if process == nil && kernel.processes.contains(where: { $0.isAmong(target) }) {
      milestones.insert(.restOfGroupCleared)
    }
    let error = kernel.send(signal, to: target)
    if error == .notPermitted { milestones.insert(.notPermitted) }
    try checkStrangers()
    return .sent(error)
  }

  private mutating func run(_ errand: Errand) throws(Violation) -> Event {
    switch errand {
    case .terminate(_, let groupWasTold):
      milestones.insert(groupWasTold ? .groupToldBefore : .remainderTold)
    case .forward: milestones.insert(.remainderForwardedTo)
    case .kill: milestones.insert(.graceOver)
    }
    let foundDescendants = kernel.run(errand, using: &generator)
    if foundDescendants { try checkStrangers() } else { milestones.insert(.blind) }
    return .ran(foundDescendants: foundDescendants)
  }

  private func checkStrangers() throws(Violation) {
    if kernel.hasMetStranger && !kernel.isBlind {
      throw Violation(.signalsNoStranger, "a stranger was")
    }
  }

  private mutating func noteSignal(_ received: ReceivedSignal) {
    let signal = received.signal
    if signal.rawValue >= 32 && kernel.pending.contains(signal) {
      milestones.insert(.realTimeSignalsQueued)
    }
    guard let command, let process = kernel[command], signal != .childChanged else { return }
    if wishes.substitute(for: signal) == nil { milestones.insert(.signalDropped) }
    if wishes.substitute(for: signal) != signal { milestones.insert(.signalRewritten) }
    if process.isZombie { milestones.insert(.signalToZombieCommand) }
    if signal.asksToEnd && process.state == .stopped {
      milestones.insert(.stoppedCommandAskedToEnd)
      if !referee.isKnownAsStopped { milestones.insert(.unknownStop) }
    }
  }

  private mutating func noteExit(_ status: ExitStatus) {
    if kernel.processes.contains(where: { $0.isDescendant }) {
      milestones.insert(.othersOutliveCommand)
    }
    if wishes.exitStatuses.contains(where: { $0.value == status.rawValue && $0.key != $0.value }) {
      milestones.insert(.statusMapped)
    }
    if referee.mustLeave { milestones.insert(.lastDeadline) }
  }
}
