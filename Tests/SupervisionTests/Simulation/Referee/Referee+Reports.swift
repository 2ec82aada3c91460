@testable import Supervision

// Reports: kills, zombies, and the summary.

extension Referee {
  /// Killed processes, and which of them the OOM killer killed.
  struct Account: Hashable {
    /// A process that swinit did not kill, until the memory counter is read.
    var victim: Victim?
    var firstReadingIsDue = true
    /// Whether swinit waited for the command before that.
    var hasSettled = false
    /// Whether KILL was sent to the command or its group, so that the killer is unknown.
    var hasSentKill = false
    /// Whether swinit has found a killed child since the last sweep ended.
    var namesKilled = false
    /// When the count rose, once for each kill without a matching process, and the count.
    var rises: [Instant] = []
    /// Until when kills can be attributed.
    var end: Instant?
    /// How many kills have no known victim, for so long as a reaped process may be one.
    var unidentifiedKills: Int64 = 0
    var kills: Int64?
  }

  struct Victim: Hashable {
    let process: ProcessID
    let name: ProcessName
    let isCommand: Bool
  }

  mutating func noteKill(_ change: ChildChange, isCommand: Bool) {
    guard reportsKills else { return }
    account.namesKilled = true
    account.victim = Victim(process: change.process, name: change.name, isCommand: isCommand)
  }

  /// Whether a process that SIGKILL killed is reported: swinit itself has killed none.
  var reportsKills: Bool {
    if case .killing = phase { return false }
    return !account.hasSentKill
  }

  mutating func note(_ reading: MemoryReading?) {
    let isFirst = account.firstReadingIsDue
    account.firstReadingIsDue = false
    if reading != nil, !watch.hasBegun {
      watch.hasBegun = true
      watch.beginIsDue = true
    }
    guard let victim = account.victim else {
      if isFirst {
        if let reading { _ = noteKills(reading.kills, at: reading.now) }
      } else {
        watch.step = reading == nil ? .none : .look
        watch.reading = reading.map { Limits(limit: $0.limit, peak: $0.peak, now: $0.now) }
        if let reading { watch.limit = reading.limit }
      }
      return
    }
    account.victim = nil
    reaps += Referee.reapsPerMemoryReading
    if let reading {
      _ = noteKills(reading.kills, at: reading.now)
      if takeClaim(victim.process.rawValue) {
        searchForOthers(at: reading.now)
        return
      }
      if account.rises.popLast() != nil {
        claim(-victim.process.rawValue)
        watch.reported += 1
        searchForOthers(at: reading.now)
        if victim.isCommand { summary.isOutOfMemory = true }
        return expect(
          .outOfMemory(
            victim.process, victim.name, .observed, limit: reading.limit, peak: reading.peak))
      }
    } else {
      account.unidentifiedKills = 0
    }
    let isTold =
      victim.isCommand
      ? requested.verbosity >= 1 : requested.warnsOfReaped || requested.verbosity >= 2
    if !isTold || account.unidentifiedKills > 0 {
      expect(.killed(victim.process, victim.name, unidentifiedKills: account.unidentifiedKills))
    }
  }

  /// Others were killed, too, and swinit may not be their parent.
  private mutating func searchForOthers(at now: Instant) {
    if !account.rises.isEmpty, watch.isOn { beginSearch(at: now) }
  }

  /// What swinit inspects of a child: only what may be reported.
  var inspectionToMake: Inspection {
    Inspection(
      names: requested.warnsOfReaped ? .all : account.namesKilled ? .ofKilled : .none,
      usage: requested.wantsSummary, stops: terminal.exists || mayBeStopped)
  }

  /// Throws if swinit does anything but report before it reads the memory counter.
  func checkAccount(_ action: Action) throws(Violation) {
    switch action {
    case .readMemory(details: true), .report: break
    default: throw Violation(.readsMemory, "\(action) instead")
    }
  }

  mutating func checkReadMemory(details: Bool, _ kernel: ModelKernel) throws(Violation) {
    if details, account.victim == nil, watch.step == .readLimit || watch.postponedUntil != nil {
      return try checkWatch(.readMemory(details: true))
    }
    if details {
      if account.victim == nil { throw Violation(.readsMemory, "no process was killed") }
      return
    }
    if !account.firstReadingIsDue { throw Violation(.readsMemory, "it was read before") }
    do {
      try checkIdle(kernel)
    } catch {
      throw Violation(.readsMemory, "other work remains: \(error)")
    }
    if !account.hasSettled, deadline == nil {
      throw Violation(.letsSettle, "it is read immediately")
    }
  }
}

extension Referee {
  mutating func checkSettling(_ kernel: ModelKernel) throws(Violation) {
    if account.hasSettled || !account.firstReadingIsDue || deadline != nil {
      throw Violation(.letsSettle, "it waits without need")
    }
    account.hasSettled = true
    mayBeStopped = false
    try checkIdle(kernel)
  }
}

// MARK: - Zombies

extension Referee {
  /// A scan for zombies of other processes.
  struct ZombieLook: Hashable {
    enum Step: Hashable {
      case count
      case take
      case readName
      case over
    }

    var step = Step.over
    /// When the next scan begins.
    var next: Instant?
    /// What was found last.
    var found: ZombieCount?
    /// The reported number of zombies of each process, in this scan and in the previous one.
    var reported: [Int32: Int] = [:]
    var reportedBefore: [Int32: Int] = [:]
  }

  /// The period of the scans in milliseconds; nil once descendants are killed.
  var zombieLookPeriod: Int64? {
    if case .killing = phase { return nil }
    return requested.zombieCheck
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
      zombieLook.reportedBefore = zombieLook.reported
      zombieLook.reported = [:]
    }
    zombieLook.found = zombies
    guard let zombies else {
      zombieLook.step = .over
      return
    }
    let parent = zombies.parent.rawValue
    let before = zombieLook.reportedBefore[parent]
    let isNews = before.map { zombies.count >= 2 * $0 } ?? true
    zombieLook.reported[parent] = isNews ? zombies.count : before
    zombieLook.step = isNews ? .readName : .take
  }

  mutating func noteParent(named name: ProcessName) {
    zombieLook.step = .take
    guard let found = zombieLook.found else { return }
    expect(.zombies(found.count, parent: found.parent, name))
  }

  func checkZombieLook(_ action: Action) throws(Violation) {
    if signalsOfRound != nil { throw Violation(.takesRounds, "it scans during a round") }
    switch (action, zombieLook.step) {
    case (.countZombies, .count), (.takeZombies, .take): return
    case (.readName(let process), .readName) where process == zombieLook.found?.parent: return
    default: throw Violation(.scansForZombies, "\(action) instead of \(zombieLook.step)")
    }
  }
}

// MARK: - Summary

extension Referee {
  mutating func checkSummary(
    _ said: Summary, to destination: Report.Destination, _ kernel: ModelKernel
  ) throws(Violation) {
    try checkIsOver(kernel)
    guard pendingSummaries.first == destination, !isBroken else {
      throw Violation(.reportsEvents, "\(said) to \(pendingSummaries)")
    }
    pendingSummaries.removeFirst()
    isExiting = true
    if let start, let finish {
      summary.milliseconds = (finish.nanoseconds - start.nanoseconds) / 1_000_000
    }
    guard said == summary else {
      throw Violation(.reportsEvents, "\(said) instead of \(summary)")
    }
  }

  /// Throws if swinit does anything else after it began the summary.
  func checkExiting(_ action: Action) throws(Violation) {
    switch action {
    case .report, .exit, .die: break
    default: throw Violation(.exitsInTime, "\(action) after the summary")
    }
  }
}
