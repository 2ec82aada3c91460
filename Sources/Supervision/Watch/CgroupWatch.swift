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
  private var schedule = LookSchedule()
  /// Whether the counts are to be read because a look is due: if they count a kill, it is a search.
  private var isLookDue = false
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
    let isDue = isLookDue
    isLookDue = false
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
    let isHit = memory.hits > before.hits && schedule.mayRemember(at: events.now)
    if memory.kills <= before.kills, isDue || isHit { remembers = true }
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
      let start = schedule.searchMayBegin.nanoseconds
      let end = isGroupKill ? now.nanoseconds &+ CgroupWatch.groupKill : start
      search = .postponed(until: Instant(nanoseconds: max(start, end)))
    }
    _ = beginLook(at: now)
  }

  /// Begins the search that was postponed until now, or the look that is due; gives whether there is one.
  mutating func beginLook(at now: Instant) -> Bool {
    guard let deadline, now >= deadline else { return false }
    schedule.beginNext()
    if isPostponed { search = .due } else { isLookDue = true }
    return true
  }

  /// Whether a search is postponed.
  private var isPostponed: Bool { if case .postponed = search { true } else { false } }

  /// When a search begins that is postponed, or the next look is due.
  var deadline: Instant? {
    if case .postponed(let moment) = search { moment } else { isOn ? schedule.next : nil }
  }

  /// A search for victims has taken so much processor time.
  mutating func noteSearch(_ nanoseconds: Int64, at now: Instant) {
    schedule.noteSearch(nanoseconds, at: now)
  }

  /// Whether anything is to be done that takes long.
  var isBusy: Bool {
    switch search {
    case .none, .postponed: break
    case .due, .looking, .naming: return true
    }
    return isLookDue || remembers || examinesProcesses
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
    schedule.endAftermath()
    guard isPostponed else { return false }
    search = .none
    return true
  }

  /// Whether all processes of a group were killed, which is then reported.
  mutating func takeGroupKill() -> Bool {
    defer { isGroupKill = false }
    return isGroupKill
  }

  /// The largest processes were remembered; all had so many pages of memory.
  mutating func noteRemembered(_ pages: Int64, _ nanoseconds: Int64, _ now: Instant) {
    remembers = false
    schedule.noteLook(
      min(nanoseconds, now.nanoseconds &- counts.now.nanoseconds),
      hasFoundAlmostAll: OOMCandidates.areAlmostAll(pages, of: limit), at: now)
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
      if isLookDue { return .readCgroup }
      guard isLast else { break }
      if case .on = state {
        state = .ending
        return .readCgroup
      }
      if isPostponed { return .readMemory(details: true) }
    case .due: return .readMemory(details: true)
    case .looking: return .lookForVictims(.finding(limit: schedule.isFresh(at: now) ? limit : nil))
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
