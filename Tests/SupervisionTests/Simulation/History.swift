@testable import Supervision

/// One life of swinit, from the spawn to its end, in which all that is left to chance is decided by
/// a seed.
struct History<P: Policy & ~Copyable>: ~Copyable {
  /// More actions than any history takes.
  private static var limit: Int { 20_000 }

  /// Whether system calls that swinit can't do without fail now and then.
  private let breaks: Bool
  private let isUnified: Bool
  private var scene: Scene<P>
  private var life: RandomEvents
  private var storm: Storm?
  private var generator: SplitMix64

  /// A history that follows from the seed and the policy for its requested options.
  init(seed: UInt64, keepsTrace: Bool = false, _ policy: (RequestedOptions, Bool) -> P) {
    generator = SplitMix64(seed: seed)
    let requested = RequestedOptions(using: &generator)
    // Histories on cgroup v1 stay as they are, whatever happens on v2.
    var ownGenerator = SplitMix64(seed: seed ^ 0x5eed)
    isUnified = Bool.random(using: &ownGenerator)
    life = RandomEvents(isWatched: isUnified, using: &generator)
    breaks = Int.random(in: 0..<32, using: &generator) == 0
    let kernel = ModelKernel(swinit: ProcessID(rawValue: Bool.random(using: &generator) ? 1 : 7))
    scene = Scene(kernel, requested, policy(requested, kernel.isPID1))
    scene.keepsTrace = keepsTrace
  }

  var milestones: Set<Milestone> { scene.milestones }
  /// All events and actions, if asked for.
  var trace: [String] { scene.trace }

  /// Lives it; throws the first rule that is broken.
  mutating func run() throws(Violation) {
    defer { scene.milestones.formUnion(scene.kernel.milestones) }
    var event = begin()
    for _ in 0..<History.limit {
      let action = try scene.decide(on: event)
      switch action {
      case .exit(let status): return scene.noteExit(status)
      case .die(let signal, _): return scene.noteExit(.death(by: signal))
      default: break
      }
      // On cgroup v1 there is nothing to read.
      if action != .readCgroup || isUnified { liveOn() }
      event = try perform(action)
    }
    throw Violation(.ends, "it goes on and on")
  }

  private mutating func begin() -> Event {
    scene.kernel.isBlind = Int.random(in: 0..<16, using: &generator) == 0
    scene.kernel.memory = ModelMemory(using: &generator)
    scene.kernel.cgroup.isUnified = isUnified
    if Int.random(in: 0..<16, using: &generator) == 0 { storm = Storm(using: &generator) }
    // A scan may outlast the period of the scans, or the grace period.
    scene.kernel.scanMilliseconds = [0, 0, 1, 150, 3_000].randomElement(using: &generator) ?? 0
    scene.kernel.walkMilliseconds = [0, 0, 1, 150].randomElement(using: &generator) ?? 0
    scene.kernel.readingMilliseconds = [0, 0, 1, 150].randomElement(using: &generator) ?? 0
    scene.kernel.hasNoClock = Int.random(in: 0..<16, using: &generator) == 0
    for _ in 0..<Int.random(in: -4...2, using: &generator).clamped {
      scene.kernel.inherit(isZombie: .random(using: &generator), using: &generator)
    }
    if Bool.random(using: &generator) {
      let jobs: [ModelTerminal.Job] =
        scene.kernel.isPID1 ? [.own, .outside] : [.shells, .shells, .shells, .orphaned, .outside]
      scene.kernel.terminal = ModelTerminal(
        jobs.randomElement(using: &generator) ?? .own, isPID1: scene.kernel.isPID1,
        isForeground: .random(using: &generator))
    }
    let manners = ModelProcess.Manners.allCases.randomElement(using: &generator) ?? .obeys
    return scene.spawn(
      manners, takesTerminal: .random(using: &generator), using: &generator)
  }

  /// Now and then something happens while swinit acts.
  private mutating func liveOn() {
    storm?.step(&scene.kernel, using: &generator)
    for _ in 0..<Int.random(in: 0...2, using: &generator) { live() }
    scene.kernel.pass(milliseconds: Int64.random(in: 0...1, using: &generator))
  }

  private mutating func live() { life.step(&scene.kernel, using: &generator) }

  private mutating func perform(_ action: Action) throws(Violation) -> Event {
    switch action {
    case .wait(let deadline): return try wait(until: deadline)
    case .waitBriefly: return waitBriefly()
    case .reap where doesBreak(): return .broken(.notPermitted)
    case .stop(let signal, let wholeGroup): return stop(by: signal, wholeGroup)
    default: return try scene.perform(action, using: &generator)
    }
  }

  private mutating func doesBreak() -> Bool {
    guard breaks, Int.random(in: 0..<8, using: &generator) == 0 else { return false }
    scene.milestones.insert(.broken)
    return true
  }
}

// MARK: - Waiting

extension History where P: ~Copyable {
  private mutating func wait(until deadline: Instant?) throws(Violation) -> Event {
    if doesBreak() { return .broken(.notPermitted) }
    // What is left of the time goes by whether or not the clock can be read.
    var rest = deadline.map { $0.milliseconds(since: scene.kernel.now) }
    while true {
      if let deadline, let left = rest, left <= 0 {
        if scene.kernel.hasZombies { scene.milestones.insert(.exitedAtDeadline) }
        return .deadlinePassed(now: max(scene.kernel.now, deadline))
      }
      // The kernel may hold a change back, but not for long.
      if scene.kernel.cgroup.hasChanged,
        scene.kernel.pending.isEmpty || Bool.random(using: &generator),
        let events = scene.kernel.readCgroup()
      {
        return .cgroup(events)
      }
      if let received = scene.kernel.takeSignal() {
        scene.noteSignal(received)
        return .received(received)
      }
      try scene.referee.checkBlocking(scene.kernel)
      storm?.step(&scene.kernel, using: &generator)
      if !life.isOver {
        live()
      } else if let left = rest, Bool.random(using: &generator) {
        pass(left, of: &rest)
      } else {
        bringToAnEnd()
      }
      // What happens may do so in the very instant of the deadline.
      let span = Int64.random(in: 0...400, using: &generator)
      pass(min(span, rest ?? span), of: &rest)
    }
  }

  /// What happens in a moment.
  private mutating func waitBriefly() -> Event {
    if scene.kernel.pending.isEmpty { live() }
    guard let received = scene.kernel.takeSignal() else { return .noSignal }
    scene.milestones.insert(.unsettled)
    scene.noteSignal(received)
    return .received(received)
  }

  private mutating func pass(_ milliseconds: Int64, of rest: inout Int64?) {
    scene.kernel.pass(milliseconds: milliseconds)
    rest = rest.map { $0 - milliseconds }
  }

  /// Nothing more happens by itself: a process exits, or swinit receives a stop signal.
  private mutating func bringToAnEnd() {
    let commandIsAlive = scene.command.flatMap { scene.kernel[$0] }?.isAlive ?? false
    if let command = scene.command, commandIsAlive {
      end(command)
    } else if scene.referee.requested.pauses && !scene.referee.wasSignalledToExit {
      if let received = scene.referee.requested.signalsForPause.randomElement(using: &generator) {
        scene.kernel.raise(received)
      }
    } else if let process = scene.kernel.processes.filter({ $0.isDescendant && $0.isAlive })
      .randomElement(using: &generator)
    {
      end(process.id)
    }
  }

  /// A process ends in whatever way it can.
  private mutating func end(_ id: ProcessID) {
    scene.kernel.release(id)
    let isRunning = scene.kernel[id]?.state == .running
    scene.kernel.end(id, isRunning ? life.exit(using: &generator) : .killed(by: .kill))
  }

  /// swinit stops, and its shell, or whoever stopped it, continues it.
  private mutating func stop(by signal: Signal, _ wholeGroup: Bool) -> Event {
    if signal != .terminalStop { scene.milestones.insert(.terminalInput) }
    let event = scene.kernel.stop(signal, wholeGroup: wholeGroup, using: &generator)
    guard case .resumed = event else { return event }
    for _ in 0..<Int.random(in: 0...4, using: &generator) { live() }
    scene.kernel.continueStoppedJob(inForeground: .random(using: &generator))
    return event
  }
}

extension Int {
  /// Zero if it is less.
  fileprivate var clamped: Int { Swift.max(self, 0) }
}
