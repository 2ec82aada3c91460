/// What swinit does when the counts of its control group rise: it remembers which processes may be
/// killed next, finds those that the OOM killer has killed although swinit does not reap them, and examines
/// why forks are refused. With cgroup v1, or without a control group, there is no watch.
struct CgroupWatch {
  private enum State {
    /// It begins when the memory was first read.
    case notBegun
    /// The counts are to be read for the first time.
    case beginning
    case on
    /// The counts are read once more before swinit exits: the kernel holds changes back for 10 ms.
    case ending
    /// The counts can't be read, or need not be any more.
    case off
  }

  /// How far the search for victims has come.
  private enum Search {
    case none
    /// It begins at this moment, or when more are killed after it, or when swinit exits.
    case postponed(until: Instant)
    /// The limit and the peak are to be read.
    case due
    /// All processes are to be looked at.
    case looking
    /// So many victims are to be named.
    case naming(dying: Int, gone: Int)
  }

  /// After a look, the next one waits for so many nanoseconds, and for so many times the processor time that
  /// it took: under constant pressure looks take a hundredth of a processor at most.
  private static let pause: Int64 = 20_000_000
  private static let pausePerLook: Int64 = 100
  /// Looks after kills take as much in the long run, but may run ahead of that by so many nanoseconds of
  /// pauses, which is 100 ms of looks: most kills are few.
  private static let credit: Int64 = 10_000_000_000
  /// How long after the end of this pause the processes that it has found count as remembered.
  private static let fresh: Int64 = 200_000_000
  /// How long after the first of a group the others are killed: the kernel kills them one after another.
  private static let groupKill: Int64 = 50_000_000

  private var state = State.notBegun
  private var search = Search.none
  /// Whether the largest processes are to be remembered.
  private var remembers = false
  private var examinesProcesses = false
  private var counts = CgroupEvents(memory: nil, refusals: nil, now: Instant(nanoseconds: 0))
  /// How many refused forks had been counted when the watch began, and when they were last reported.
  private var refusalsBefore: Int64 = 0
  private var refusalsReported: Int64 = 0
  /// When the largest processes may be remembered again.
  private var pauseEnd = Instant(nanoseconds: 0)
  /// Whether that look is charged with those after kills.
  private var followsKill = false
  /// What the last look was charged with.
  private var lastLook = Int64.max
  /// Until when the looks after kills should have waited.
  private var debtEnd = Instant(nanoseconds: 0)
  /// Whether all processes of a group were killed.
  private var isGroupKill = false
  /// The limit that was hit, and the peak; when they were read.
  private(set) var limit: Int64?
  private(set) var peak: Int64?
  private var now = Instant(nanoseconds: 0)

  /// The memory was read for the first time.
  mutating func begin() { if case .notBegun = state { state = .beginning } }

  /// Whether the counts are watched.
  var isOn: Bool {
    switch state {
    case .on, .ending: true
    case .notBegun, .beginning, .off: false
    }
  }

  /// Records the counts; gives whether they are the first.
  mutating func note(_ events: CgroupEvents?) -> Bool {
    guard let events else {
      state = .off
      return false
    }
    defer { counts = events }
    if case .beginning = state {
      state = .on
      refusalsBefore = events.refusals
      refusalsReported = refusalsBefore
      return true
    }
    let (memory, before) = (events.memory, counts.memory)
    if memory.groupKills > before.groupKills { isGroupKill = true }
    // After a kill, victims are searched for instead.
    if memory.hits > before.hits, memory.kills <= before.kills, events.now >= pauseEnd {
      remembers = true
    }
    if events.refusals > counts.refusals {
      let reported = refusalsReported &- refusalsBefore
      examinesProcesses = events.refusals &- refusalsBefore >= max(1, 2 &* reported)
    }
    return false
  }

  /// Processes were killed that may not be swinit's children.
  mutating func searchForVictims(at now: Instant) {
    guard isOn else { return }
    if !isPostponed {
      let start = debtEnd.nanoseconds &- CgroupWatch.credit
      let end = isGroupKill ? now.nanoseconds &+ CgroupWatch.groupKill : start
      search = .postponed(until: Instant(nanoseconds: max(start, end)))
    }
    _ = resumeSearch(at: now)
  }

  /// Begins the search that was postponed until now; gives whether there is one.
  mutating func resumeSearch(at now: Instant) -> Bool {
    guard let deadline, now >= deadline else { return false }
    search = .due
    return true
  }

  /// Whether a search is postponed.
  private var isPostponed: Bool { if case .postponed = search { true } else { false } }

  /// When a search begins that is postponed.
  var deadline: Instant? { if case .postponed(let moment) = search { moment } else { nil } }

  /// What a look has cost. It may be charged with the tick of a clock, or with the pause of a virtual machine,
  /// a hundred times as long. So only what two in a row have taken counts; the first counts as it is.
  private mutating func cost(_ nanoseconds: Int64) -> Int64 {
    defer { lastLook = nanoseconds }
    return min(nanoseconds, lastLook)
  }

  /// A look after a kill has taken so much processor time.
  mutating func noteSearch(_ nanoseconds: Int64, at now: Instant) {
    charge(cost(nanoseconds), at: now)
    // The next process to reach the limit may be killed soon, too: the first look because of that is charged
    // like the search, and has no pause before it.
    followsKill = true
    pauseEnd = now
  }

  private mutating func charge(_ look: Int64, at now: Instant) {
    debtEnd = Instant(
      nanoseconds: max(debtEnd, now).nanoseconds &+ CgroupWatch.pausePerLook &* look)
  }

  /// Whether anything is to be done that takes long.
  var isBusy: Bool {
    switch search {
    case .none, .postponed: break
    case .due, .looking, .naming: return true
    }
    return remembers || examinesProcesses
  }

  /// The limit and the peak were read.
  mutating func note(_ reading: MemoryReading?) {
    search = .none
    guard let reading else { return }
    limit = reading.limit
    peak = reading.peak
    now = reading.now
    search = .looking
  }

  /// Whether the largest processes were remembered shortly before the kill.
  private var isFresh: Bool { now.nanoseconds &- pauseEnd.nanoseconds <= CgroupWatch.fresh }

  /// A look has found these. Some of the kills may be of swinit's children, which will be reaped. Of the
  /// others, those are named that are known; gives how many are not.
  mutating func note(_ found: OOMVictims, kills: inout Int64) -> Int64 {
    let ofChildren = min(Int64(found.children), kills)
    var others = kills &- ofChildren
    var (dying, gone) = (0, 0)
    // If more are dying than were killed for lack of memory, another process has killed some.
    if !isGroupKill, found.dying <= others {
      dying = found.dying
      others &-= Int64(dying)
      // If as many have gone as were killed, those were. Otherwise some may have exited by themselves.
      if found.gone == others {
        gone = found.gone
        others = 0
      }
    }
    search = dying &+ gone > 0 ? .naming(dying: dying, gone: gone) : .none
    kills = ofChildren
    // Otherwise it is reported, with their number.
    if others == 0 { isGroupKill = false }
    return others
  }

  /// A victim was taken; gives how sure it is that this one was killed.
  mutating func noteVictim() -> Certainty {
    guard case .naming(let dying, let gone) = search else { return .observed }
    search =
      dying &+ gone <= 1
      ? .none : .naming(dying: max(dying &- 1, 0), gone: dying > 0 ? gone : gone &- 1)
    return dying > 0 ? .observed : .inferred
  }

  /// No kill is unexplained: if a group was killed, swinit has reaped its processes.
  mutating func forgetGroupKill() { if case .none = search { isGroupKill = false } }

  /// The processes that were killed can't be searched for any more; gives whether they were to be.
  mutating func abandonSearch() -> Bool {
    guard isPostponed else { return false }
    search = .none
    return true
  }

  /// Whether all processes of a group were killed, which is then reported.
  mutating func takeGroupKill() -> Bool {
    defer { isGroupKill = false }
    return isGroupKill
  }

  /// The largest processes were remembered.
  mutating func noteRemembered(_ nanoseconds: Int64, _ now: Instant) {
    var look = cost(min(nanoseconds, now.nanoseconds &- counts.now.nanoseconds))
    if followsKill {
      charge(look, at: now)
      look = 0
    }
    (remembers, followsKill) = (false, false)
    let pause = max(CgroupWatch.pause, CgroupWatch.pausePerLook &* look)
    pauseEnd = Instant(nanoseconds: now.nanoseconds &+ pause)
  }

  /// The processes were examined; if the limit is reached, that is reported.
  mutating func noteExamined(isReached: Bool) {
    examinesProcesses = false
    if isReached { refusalsReported = counts.refusals }
  }

  /// What is to be done; before swinit exits, the counts are read once more, and nothing is postponed.
  @inline(__always)
  mutating func nextAction(isLast: Bool) -> Action? {
    switch search {
    case .none, .postponed:
      guard isLast else { break }
      if case .on = state {
        state = .ending
        return .readCgroup
      }
      if isPostponed { return .readMemory(details: true) }
    case .due: return .readMemory(details: true)
    case .looking: return .lookForVictims(.finding(limit: isFresh ? limit : nil))
    case .naming(let dying, _): return .takeVictim(dying > 0 ? .dying : .gone)
    }
    if remembers, !isLast {
      // While a search is postponed, victims that it is for are gone.
      return .lookForVictims(.remembering(afterKill: isPostponed))
    }
    return examinesProcesses ? .examineProcesses : nil
  }

  /// The counts are read for the first time.
  var nextFirstReading: Action? {
    @inline(__always) get { if case .beginning = state { .readCgroup } else { nil } }
  }
}

extension Supervisor {
  /// Whether swinit may have killed any descendant itself, so that no kill tells who sent it.
  private var hasKilled: Bool { shutdown.isKilling || forwarding.hasSentKill }

  /// Watches the control group.
  @inline(__always)
  mutating func nextWatchAction() -> Action? {
    if hasKilled || hasFailed { return nil }
    let isLast = exitStatus != nil
    return rounds.isUnderWay && !isLast ? nil : watch.nextAction(isLast: isLast)
  }

  /// Begins to watch the control group.
  var nextWatchBeginning: Action? {
    @inline(__always) get { hasKilled || hasFailed ? nil : watch.nextFirstReading }
  }

  /// The counts of the control group were read, or can't be.
  mutating func record(_ events: CgroupEvents?) {
    let isFirst = watch.note(events)
    guard let events, !hasKilled else { return }
    if isFirst {
      report(
        .watching(memory: events.hasMemory, processes: events.hasRefusals),
        atVerbosity: 1)
    }
    if events.hasMemory {
      let hasRisen = oom.note(kills: events.memory.kills, at: events.now)
      // Some may have been killed since the first reading, before the watch began.
      if hasRisen || isFirst && oom.unattributed > 0 {
        searchForVictims(at: events.now)
      } else {
        watch.forgetGroupKill()
      }
    }
    // Pending signals come before a look at all processes: a child of swinit's may be the victim.
    if watch.isBusy { rounds.begin() }
  }

  /// Processes were killed that may not be swinit's children.
  @inline(never)
  mutating func searchForVictims(at now: Instant) {
    watch.searchForVictims(at: now)
    if let deadline = watch.deadline { oom.keepKills(until: deadline) }
  }

  /// A search for victims may have been postponed until now.
  @inline(__always)
  mutating func resumeSearch(at now: Instant) {
    if watch.resumeSearch(at: now) { rounds.begin() }
  }

  /// A look at all processes has found victims of the OOM killer.
  mutating func record(_ found: OOMVictims, _ nanoseconds: Int64, _ now: Instant) {
    watch.noteSearch(nanoseconds, at: now)
    oom.note(found)
    let others = watch.note(found, kills: &oom.unattributed)
    if others > 0 { reportUnidentified(others) }
  }

  /// The next victim was taken.
  mutating func record(_ victim: OOMVictim?) {
    let certainty = watch.noteVictim()
    guard let victim, oom.claim(victim.process) else { return reportUnidentified(1) }
    report(
      .outOfMemory(
        victim.process, victim.name, certainty, limit: watch.limit, peak: watch.peak))
  }

  /// The grace period has expired: whom swinit kills now can't be told from victims.
  mutating func endSearch() {
    let isAbandoned = watch.abandonSearch()
    if isAbandoned, oom.unattributed > 0 { reportUnidentified(oom.takeUnattributed()) }
  }

  private mutating func reportUnidentified(_ count: Int64) {
    oom.unidentified &+= count
    let obscurity: Obscurity =
      watch.takeGroupKill() ? .killedWithGroup : isPID1 ? .reaped : .notFound
    report(
      .outOfMemoryUnidentified(count, obscurity, limit: watch.limit, peak: watch.peak))
  }

  /// The processes of the control group were examined, because a fork was refused.
  mutating func record(_ limit: ProcessLimit?) {
    watch.noteExamined(isReached: limit != nil)
    if let limit { report(.processLimitReached(limit)) }
  }
}
