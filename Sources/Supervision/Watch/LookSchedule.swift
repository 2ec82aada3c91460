/// When the watch on the control group looks at all processes: so seldom that searches for victims take a
/// hundredth of a processor in the long run, and so do the other looks.
struct LookSchedule {
  /// After a look because the memory limit was hit, the next one waits for so many nanoseconds, and for so
  /// many times the processor time that it took.
  private static let pause: Int64 = 20_000_000
  private static let pausePerLook: Int64 = 100
  /// Looks because of a kill may run ahead of that by so many nanoseconds of pauses, which is 600 ms of looks:
  /// kills are usually few. Those that don't search for victims leave half of it to those that do.
  private static let credit: Int64 = 60_000_000_000
  /// For how many nanoseconds processes are looked at again after a kill.
  private static let aftermath: Int64 = 1_000_000_000
  /// How many nanoseconds after the end of a pause the processes still count that were found before it.
  private static let fresh: Int64 = 200_000_000

  /// When processes may be looked at again because the limit was hit.
  private var pauseEnd = Instant(nanoseconds: 0)
  /// What the last look has cost.
  private var lastCost = Int64.max
  /// Until when the looks because of kills should have waited.
  private var debtEnd = Instant(nanoseconds: 0)
  /// When the last search for victims has ended.
  private var searchEnd = Instant(nanoseconds: 0)
  /// Whether looks still follow the last kill.
  private var isAftermath = false
  /// When the next one is due; nil once it has begun.
  private(set) var next: Instant?

  /// When a search for victims may begin.
  var searchMayBegin: Instant {
    Instant(nanoseconds: debtEnd.nanoseconds &- LookSchedule.credit)
  }

  /// Whether processes may be looked at because the limit was hit.
  func mayRemember(at now: Instant) -> Bool { now >= pauseEnd }

  /// Whether the processes that were found still count.
  func isFresh(at now: Instant) -> Bool {
    now.nanoseconds &- pauseEnd.nanoseconds <= LookSchedule.fresh
  }

  /// No look is due any more because of the last kill.
  mutating func endAftermath() { (isAftermath, next) = (false, nil) }

  /// The next look begins.
  mutating func beginNext() { next = nil }

  /// A search for victims has taken so many nanoseconds of processor time. What kills one process may kill the
  /// next one soon, as quickly as the limit is hit: so processes are looked at before that.
  @inline(never)  // for layout.ld
  mutating func noteSearch(_ nanoseconds: Int64, at now: Instant) {
    let cost = cost(nanoseconds)
    charge(cost, at: now)
    searchEnd = now
    lookAgain(cost, at: now)
    if isAftermath { pauseEnd = now }
  }

  /// A look at the processes that may be killed next has taken so many nanoseconds of processor time; they had
  /// almost all memory, or not.
  @inline(never)  // for layout.ld
  mutating func noteLook(_ nanoseconds: Int64, hasFoundAlmostAll: Bool, at now: Instant) {
    let cost = cost(nanoseconds)
    var pause = max(LookSchedule.pause, LookSchedule.pausePerLook &* cost)
    if isAftermath {
      let wasDue = next == nil
      charge(cost, at: now)
      lookAgain(cost, at: now)
      // A look at the limit may come too late, and would replace what was found.
      pause = hasFoundAlmostAll || !wasDue ? (next ?? now).nanoseconds &- now.nanoseconds : 0
    }
    pauseEnd = Instant(nanoseconds: now.nanoseconds &+ pause)
  }

  /// Looks follow one another by an eighth of the time since the kill: one of them finds a process that takes
  /// more and more memory when it has most of it.
  private mutating func lookAgain(_ cost: Int64, at now: Instant) {
    let time = now.nanoseconds &- searchEnd.nanoseconds
    let start = debtEnd.nanoseconds &- LookSchedule.credit / 2
    isAftermath = time < LookSchedule.aftermath && now.nanoseconds >= start
    let interval = max(LookSchedule.pause, max(time / 8, 10 &* cost))
    next = isAftermath ? Instant(nanoseconds: now.nanoseconds &+ interval) : nil
  }

  /// What a look has cost. It may be charged with the tick of a clock, or with the pause of a virtual machine,
  /// a hundred times as long. So only what two in a row have taken counts; the first counts as it is.
  private mutating func cost(_ nanoseconds: Int64) -> Int64 {
    defer { lastCost = nanoseconds }
    return min(nanoseconds, lastCost)
  }

  private mutating func charge(_ cost: Int64, at now: Instant) {
    debtEnd = Instant(
      nanoseconds: max(debtEnd, now).nanoseconds &+ LookSchedule.pausePerLook &* cost)
  }
}
