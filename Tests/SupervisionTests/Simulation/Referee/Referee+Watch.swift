@testable import Supervision

// The watch on the control group: kills whose victims others reap, and refused forks.

extension Referee {
  struct Watch: Hashable {
    /// What comes next in a search for victims.
    enum Step: Hashable {
      case none
      case postponed(until: Instant)
      case readLimit
      case look
      case name(dying: Int, gone: Int)
    }

    var hasBegun = false
    var beginIsDue = false
    var isOn = false
    /// Whether the counts were read before the exit.
    var hasReadLast = false
    var step = Step.none
    /// Whether the largest processes are to be remembered.
    var remembers = false
    /// Whether the counts are to be read because a look is due.
    var isLookDue = false
    /// When that is, and whether there are such looks because of the last kill.
    var next: Instant?
    var isAftermath = false
    var searchEnd = Instant(nanoseconds: 0)
    var examines = false
    var counts: CgroupEvents?
    var refusalsBefore: Int64 = 0
    var refusalsReported: Int64 = 0
    var pauseEnd = Instant(nanoseconds: 0)
    /// What the last look was charged with.
    var lastLook = Int64.max
    /// Until when swinit would have to wait for its looks after kills to have taken a hundredth of the time.
    var debtEnd = Instant(nanoseconds: 0)
    var isGroupKill = false
    /// The last reading of the limit.
    var reading: Limits?
    /// The limit that was read last, unless that failed.
    var limit: Int64?
    /// The last processes that a kill was attributed to.
    var claimed: [Int32] = []
    /// How many kills were reported, and how many were counted before the first.
    var reported: Int64 = 0
    var killsBefore: Int64?
    /// How many kills were attributed to no process in time.
    var expired: Int64 = 0

    var isSearching: Bool { step != .none && postponedUntil == nil }
    var isBusy: Bool { isSearching || isLookDue || remembers || examines }

    var postponedUntil: Instant? {
      if case .postponed(let moment) = step { moment } else { nil }
    }

    /// When swinit looks next, if nothing happens before.
    var deadline: Instant? { postponedUntil ?? (isOn ? next : nil) }

    /// 600 ms of looks may be ahead of that.
    var searchMayBegin: Instant { Instant(nanoseconds: debtEnd.nanoseconds - 60_000_000_000) }

    /// For a second after a search, while half of the 600 ms is left, looks follow one another by an eighth of
    /// the time since, but not faster than every 20 ms, and take a tenth of a processor at most.
    mutating func lookAgain(_ look: Int64, at now: Instant) {
      let time = now.nanoseconds - searchEnd.nanoseconds
      isAftermath = time < 1_000_000_000 && now.nanoseconds >= debtEnd.nanoseconds - 30_000_000_000
      let interval = [20_000_000, time / 8, 10 * look].max() ?? 0
      next = isAftermath ? Instant(nanoseconds: now.nanoseconds + interval) : nil
    }

    /// The less of what the last two looks were charged with.
    mutating func cost(_ look: Int64) -> Int64 {
      defer { lastLook = look }
      return min(look, lastLook)
    }

    mutating func charge(_ look: Int64, at now: Instant) {
      debtEnd = Instant(nanoseconds: max(debtEnd.nanoseconds, now.nanoseconds) + 100 * look)
    }
  }

  struct Limits: Hashable {
    let limit: Int64?
    let peak: Int64?
    let now: Instant
  }

  /// Whether swinit may have killed processes itself, so that it doesn't search for victims.
  var hasKilled: Bool {
    if case .killing = phase { true } else { account.hasSentKill || mustExit }
  }

  mutating func note(_ events: CgroupEvents?) {
    let isLookDue = watch.isLookDue
    watch.isLookDue = false
    let isFirst = watch.beginIsDue
    watch.beginIsDue = false
    guard let events else {
      watch.isOn = false
      return
    }
    watch.isOn = true
    let before = watch.counts
    watch.counts = events
    if isFirst {
      watch.refusalsBefore = events.refusals
      watch.refusalsReported = watch.refusalsBefore
    } else if let memoryBefore = before?.memory {
      let memory = events.memory
      if memory.groupKills > memoryBefore.groupKills { watch.isGroupKill = true }
      let isHit = memory.hits > memoryBefore.hits && events.now >= watch.pauseEnd
      if memory.kills <= memoryBefore.kills, isHit || isLookDue { watch.remembers = true }
    }
    let refusals = events.refusals
    if !isFirst, refusals > before?.refusals ?? refusals {
      let reported = watch.refusalsReported - watch.refusalsBefore
      watch.examines = refusals - watch.refusalsBefore >= max(1, 2 * reported)
    }
    if hasKilled { return }
    if isFirst {
      expect(
        .watching(memory: events.hasMemory, processes: events.hasRefusals), from: 1)
    }
    // Some may have been killed since the first reading, before the watch began.
    if noteKills(events.memory.kills, at: events.now) || isFirst && !account.rises.isEmpty {
      beginSearch(at: events.now)
    } else if watch.step == .none, events.hasMemory {
      watch.isGroupKill = false
    }
    if watch.isBusy { signalsOfRound = .all }
  }

  /// Victims are to be searched for, at once or later.
  mutating func beginSearch(at now: Instant) {
    var moment = watch.searchMayBegin
    if let postponed = watch.postponedUntil {
      moment = postponed
    } else if watch.isGroupKill {
      // The others of the group are killed in the next moment.
      moment = max(moment, now.later(byMilliseconds: 50))
    }
    if now >= moment {
      watch.step = .readLimit
      watch.next = nil
    } else {
      watch.step = .postponed(until: moment)
      account.end = max(account.end ?? moment, moment.later(byMilliseconds: 2_000))
    }
  }

  mutating func noteTimeToSearch(_ now: Instant) {
    guard let moment = watch.deadline, now >= moment else { return }
    watch.next = nil
    if watch.postponedUntil != nil { watch.step = .readLimit } else { watch.isLookDue = true }
    signalsOfRound = .all
  }

  /// The count was read; gives whether it has risen.
  mutating func noteKills(_ kills: Int64, at now: Instant) -> Bool {
    if let end = account.end, now > end {
      watch.expired += Int64(account.rises.count)
      account.rises = []
      account.unidentifiedKills = 0
    }
    if watch.killsBefore == nil {
      watch.killsBefore = kills
      account.unidentifiedKills = kills
      account.end = now.later(byMilliseconds: 2_000)
    }
    let rise = kills - (account.kills ?? kills)
    account.kills = kills
    guard rise > 0 else { return false }
    account.end = now.later(byMilliseconds: 2_000)
    account.rises = Array(repeating: now, count: account.rises.count + Int(rise))
    return true
  }

  /// Notes that a kill was attributed to a process, which swinit has reaped if its number is negative.
  mutating func claim(_ number: Int32) { watch.claimed = (watch.claimed + [number]).suffix(16) }

  mutating func takeClaim(_ number: Int32) -> Bool {
    guard let index = watch.claimed.firstIndex(of: number) else { return false }
    watch.claimed[index] = 0
    return true
  }

  mutating func note(_ found: OOMVictims, _ time: Int64, _ now: Instant) {
    let look = watch.cost(time)
    watch.charge(look, at: now)
    watch.searchEnd = now
    watch.lookAgain(look, at: now)
    if watch.isAftermath { watch.pauseEnd = now }
    // Kills that were counted during the look, of processes that it has found dying.
    let late = min(
      found.children + found.dying - account.rises.count, Int(found.kills - (account.kills ?? .max))
    )
    if late > 0, let kills = account.kills {
      account.kills = kills + Int64(late)
      account.rises += Array(repeating: now, count: late)
    }
    let kills = account.rises.count
    let children = min(found.children, kills)
    var others = kills - children
    account.rises = Array(account.rises.prefix(children))
    var (dying, gone) = (0, 0)
    if !watch.isGroupKill, found.dying <= others {
      dying = found.dying
      others -= dying
      if found.gone == others {
        gone = found.gone
        others = 0
      }
    }
    watch.step = dying + gone > 0 ? .name(dying: dying, gone: gone) : .none
    if others > 0 { expectUnidentified(Int64(others)) } else { watch.isGroupKill = false }
  }

  /// The grace period has expired: there is no search any more.
  mutating func endSearch() {
    (watch.next, watch.isAftermath) = (nil, false)
    guard watch.postponedUntil != nil else { return }
    watch.step = .none
    if !account.rises.isEmpty { expectUnidentified(Int64(account.rises.count)) }
    account.rises = []
  }

  private mutating func expectUnidentified(_ count: Int64) {
    watch.reported += count
    account.unidentifiedKills += count
    let obscurity: Obscurity =
      watch.isGroupKill ? .killedWithGroup : isPID1 ? .reaped : .notFound
    watch.isGroupKill = false
    expect(
      .outOfMemoryUnidentified(
        count, obscurity, limit: watch.reading?.limit, peak: watch.reading?.peak))
  }

  mutating func note(_ victim: OOMVictim?) {
    guard case .name(let dying, let gone) = watch.step else { return }
    let nextStep: Watch.Step =
      dying > 0 ? .name(dying: dying - 1, gone: gone) : .name(dying: 0, gone: gone - 1)
    watch.step = dying + gone == 1 ? .none : nextStep
    guard let victim, !takeClaim(victim.process.rawValue), !takeClaim(-victim.process.rawValue)
    else { return expectUnidentified(1) }
    claim(victim.process.rawValue)
    watch.reported += 1
    expect(
      .outOfMemory(
        victim.process, victim.name, dying > 0 ? .observed : .inferred,
        limit: watch.reading?.limit, peak: watch.reading?.peak))
  }

  mutating func noteRemembered(_ pages: Int64, _ time: Int64, _ now: Instant) {
    watch.remembers = false
    let look = watch.cost(min(time, now.nanoseconds - (watch.counts?.now.nanoseconds ?? 0)))
    watch.pauseEnd = Instant(nanoseconds: now.nanoseconds + max(20_000_000, 100 * look))
    if watch.isAftermath {
      let wasDue = watch.next == nil
      watch.charge(look, at: now)
      watch.lookAgain(look, at: now)
      let isAlmostAll = watch.limit.map { pages >= $0 / 20_480 * 3 } ?? false
      watch.pauseEnd = isAlmostAll || !wasDue ? watch.next ?? now : now
    }
  }

  mutating func note(_ limit: ProcessLimit?) {
    watch.examines = false
    guard let limit else { return }
    watch.refusalsReported = watch.counts?.refusals ?? 0
    expect(.processLimitReached(limit))
  }
}

// MARK: - Actions

extension Referee {
  /// Throws if this isn't the next step of the watch.
  mutating func checkWatch(_ action: Action) throws(Violation) {
    if hasKilled { throw Violation(.namesVictims, "\(action) after swinit's own KILL") }
    if signalsOfRound != nil && !isOver && !mustExit {
      throw Violation(.takesRounds, "\(action) during a round")
    }
    switch (action, watch.step) {
    case (.lookForVictims(.finding(let limit)), .look) where limit == freshLimit: return
    case (.readMemory, .readLimit), (.takeVictim(.dying), .name(1..., _)),
      (.takeVictim(.gone), .name(0, _)):
      return
    // The last search isn't postponed.
    case (.readMemory, .postponed)
    where (isOver || mustExit) && (watch.hasReadLast || !watch.isOn):
      return
    case (.lookForVictims(.remembering(afterKill: false)), .none) where watch.remembers: return
    // Victims of the postponed search are gone.
    case (.lookForVictims(.remembering(afterKill: true)), .postponed) where watch.remembers:
      return
    case (.examineProcesses, .none) where watch.examines,
      (.examineProcesses, .postponed) where watch.examines:
      return
    case (.readCgroup, .none), (.readCgroup, .postponed):
      if watch.beginIsDue || watch.isLookDue { return }
      if isOver || mustExit, watch.isOn, !watch.hasReadLast {
        watch.hasReadLast = true
        return
      }
    default: break
    }
    throw Violation(.watchesCgroup, "\(action) at \(watch.step)")
  }

  /// The limit, if the largest processes were remembered shortly before.
  private var freshLimit: Int64? {
    guard let reading = watch.reading, reading.now <= watch.pauseEnd.later(byMilliseconds: 200)
    else { return nil }
    return reading.limit
  }

  /// Throws if swinit waits although the watch has something to do.
  func checkWatchIsIdle() throws(Violation) {
    if hasKilled { return }
    if watch.beginIsDue || watch.isBusy { throw Violation(.watchesCgroup, "it waits instead") }
  }

  /// Throws if a kill that swinit could know is not reported when it exits.
  func checkKills(_ kernel: ModelKernel) throws(Violation) {
    guard watch.isOn, !hasKilled, !isBroken else { return }
    if !watch.hasReadLast { throw Violation(.watchesCgroup, "it exits without a last look") }
    if watch.step != .none || watch.examines { throw Violation(.watchesCgroup, "it exits instead") }
    let dying = kernel.processes.count { $0.parent == kernel.swinit && $0.isDyingOfKill }
    if account.rises.count > dying { throw Violation(.namesVictims, "a kill is not reported") }
    let kills = (account.kills ?? 0) - (watch.killsBefore ?? 0)
    if kills != watch.reported + watch.expired + Int64(account.rises.count) {
      throw Violation(.namesVictims, "\(watch.reported) of \(kills) are reported")
    }
  }

  /// Throws if a process that is reported as a victim isn't one, as far as that can be known, or if another's
  /// KILL is blamed for a recent victim's death; strikes it off otherwise.
  func checkVictim(_ report: Report, _ kernel: inout ModelKernel) throws(Violation) {
    if case .killed(let process, _, unidentifiedKills: 0) = report,
      kernel.cgroup.unnamed.contains(process.rawValue), !kernel.cgroup.hasOtherKills,
      kernel.cgroup.isWatched, let moment = kernel.cgroup.killedAt[process.rawValue],
      kernel.now <= moment.later(byMilliseconds: 2_000)
    {
      throw Violation(.namesVictims, "\(process) was killed for lack of memory")
    }
    guard case .outOfMemory(let process, _, let certainty, _, _) = report else { return }
    if let index = kernel.cgroup.unnamed.firstIndex(of: process.rawValue) {
      kernel.cgroup.unnamed.remove(at: index)
      return
    }
    let isExcused =
      kernel.cgroup.hasOtherKills
      || certainty == .inferred && kernel.cgroup.otherEnds.contains(process.rawValue)
    if !isExcused { throw Violation(.namesVictims, "\(process) is no victim") }
  }
}
