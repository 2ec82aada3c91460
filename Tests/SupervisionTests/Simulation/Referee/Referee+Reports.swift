@testable import Supervision

// What people are told of: kills, zombies, and how it all ended.

extension Referee {
  /// Who was killed, and which of them because memory was used up.
  struct Account: Hashable {
    /// One that was killed by somebody else, until the memory is read.
    var victim: Victim?
    var firstReadingIsDue = true
    /// Whether COMMAND had a moment to itself before that.
    var hasSettled = false
    /// Whether COMMAND or its group was sent KILL, so that nobody can tell who killed whom.
    var hasSentKill = false
    /// Whether swinit has come upon a killed child since the last sweep ended.
    var namesKilled = false
    /// When the count rose, once for each time that no death has explained yet, and the count.
    var rises: [Instant] = []
    var kills: Int64?
  }

  struct Victim: Hashable {
    let process: ProcessID
    let name: ProcessName
    let isCommand: Bool
  }

  /// How long after the count rose a death is explained by it.
  private static let memory: Int64 = 2_000

  mutating func noteKill(_ change: ChildChange, isCommand: Bool) {
    account.namesKilled = true
    if case .killing = phase {
      summary.killed.append(change.process, change.name)
    } else if !account.hasSentKill {
      account.victim = Victim(
        process: change.process, name: change.name, isCommand: isCommand)
    }
  }

  mutating func note(_ reading: MemoryReading?) {
    account.firstReadingIsDue = false
    let countBefore = account.kills
    account.kills = reading?.kills ?? account.kills
    guard let victim = account.victim else {
      return
    }
    account.victim = nil
    reaps += Referee.reapsPerMemoryReading
    if let reading {
      let end = account.rises.last?.later(byMilliseconds: Referee.memory)
      if let end, reading.now > end { account.rises = [] }
      let rise = reading.kills - (countBefore ?? reading.kills)
      if rise > 0 {
        account.rises = Array(repeating: reading.now, count: account.rises.count + Int(rise))
      }
      if account.rises.popLast() != nil {
        if victim.isCommand { summary.isOutOfMemory = true }
        return expect(
          .outOfMemory(victim.process, victim.name, limit: reading.limit, peak: reading.peak))
      }
    }
    let isTold =
      victim.isCommand ? wishes.verbosity >= 1 : wishes.warnsOfReaped || wishes.verbosity >= 2
    if !isTold { expect(.killed(victim.process, victim.name)) }
  }

  /// What is to be found out about a child: each thing only where it may matter.
  var inspectionToMake: Inspection {
    Inspection(
      names: wishes.warnsOfReaped ? .all : account.namesKilled ? .ofKilled : .none,
      usage: wishes.wantsSummary, stops: terminal.exists || mayBeStopped)
  }

  /// Throws if something else is done before the memory is read than to say what happened.
  func checkAccount(_ action: Action) throws(Violation) {
    switch action {
    case .readMemory(details: true), .report: break
    default: throw Violation(.readsMemory, "\(action) instead")
    }
  }

  func checkReadMemory(details: Bool, _ kernel: ModelKernel) throws(Violation) {
    if details {
      if account.victim == nil { throw Violation(.readsMemory, "nobody was killed") }
      return
    }
    if !account.firstReadingIsDue { throw Violation(.readsMemory, "it was read before") }
    do {
      try checkIdle(kernel)
    } catch {
      throw Violation(.readsMemory, "there is more to do: \(error)")
    }
    if !account.hasSettled, deadline == nil {
      throw Violation(.letsSettle, "it is read at once")
    }
  }
}

extension Referee {
  mutating func checkSettling(_ kernel: ModelKernel) throws(Violation) {
    if account.hasSettled || !account.firstReadingIsDue || deadline != nil {
      throw Violation(.letsSettle, "it waits a moment for nothing")
    }
    account.hasSettled = true
    mayBeStopped = false
    try checkIdle(kernel)
  }
}

// MARK: - Zombies

extension Referee {
  /// A look for zombies that other processes leave.
  struct ZombieLook: Hashable {
    enum Step: Hashable {
      case count
      case take
      case readName
      case over
    }

    var step = Step.over
    /// When the next begins.
    var next: Instant?
    /// What was found last.
    var found: ZombieCount?
    /// How many zombies of each process were told of, at this look and at the one before.
    var told: [Int32: Int] = [:]
    var toldBefore: [Int32: Int] = [:]
  }

  /// How many milliseconds after a look the next one begins; nil once all are killed.
  var zombieLookPeriod: Int64? {
    if case .killing = phase { return nil }
    return wishes.zombieCheck
  }

  mutating func noteTimeToLook(_ now: Instant) {
    guard let period = zombieLookPeriod, zombieLook.step == .over else { return }
    guard let next = zombieLook.next else {
      zombieLook.next = now.later(byMilliseconds: period)
      return
    }
    if now < next { return }
    zombieLook.next = nil
    zombieLook.step = .count
    signalsOfRound = .all
  }

  mutating func note(_ zombies: ZombieCount?) {
    if zombieLook.step == .count {
      zombieLook.toldBefore = zombieLook.told
      zombieLook.told = [:]
    }
    zombieLook.found = zombies
    guard let zombies else {
      zombieLook.step = .over
      return
    }
    let parent = zombies.parent.rawValue
    let before = zombieLook.toldBefore[parent]
    let isNews = before.map { zombies.count >= 2 * $0 } ?? true
    zombieLook.told[parent] = isNews ? zombies.count : before
    zombieLook.step = isNews ? .readName : .take
  }

  mutating func noteParent(named name: ProcessName) {
    zombieLook.step = .take
    guard let found = zombieLook.found else { return }
    expect(.zombies(found.count, parent: found.parent, name))
  }

  func checkZombieLook(_ action: Action) throws(Violation) {
    if signalsOfRound != nil { throw Violation(.takesRounds, "it scans in the middle of one") }
    switch (action, zombieLook.step) {
    case (.countZombies, .count), (.takeZombies, .take): return
    case (.readName(let process), .readName) where process == zombieLook.found?.parent: return
    default: throw Violation(.looksForZombies, "\(action) instead of \(zombieLook.step)")
    }
  }
}

// MARK: - How it ended

extension Referee {
  mutating func checkSummary(
    _ said: Summary, to destination: Report.Destination, _ kernel: ModelKernel
  ) throws(Violation) {
    try checkIsOver(kernel)
    guard unsaidSummaries.first == destination, !isBroken else {
      throw Violation(.saysWhatHappened, "\(said) to \(unsaidSummaries)")
    }
    unsaidSummaries.removeFirst()
    isLeaving = true
    if let start, let finish {
      summary.milliseconds = (finish.nanoseconds - start.nanoseconds) / 1_000_000
    }
    guard said == summary else {
      throw Violation(.saysWhatHappened, "\(said) instead of \(summary)")
    }
  }

  /// Throws if swinit does something else after it began to tell how COMMAND ended.
  func checkLeaving(_ action: Action) throws(Violation) {
    switch action {
    case .report, .exit, .die: break
    default: throw Violation(.leavesInTime, "\(action) after the summary")
    }
  }
}
