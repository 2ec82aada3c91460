// What begins when the clock is read. It is read only when something is to begin.

extension Supervisor {
  /// Whether a moment is wanted that isn't known yet. (Mutating, since the compiler would copy the
  /// whole supervisor for it otherwise.)
  mutating func clockIsDue() -> Bool {
    if end == .begun && hasChildren || turnIsOver && !hasReadClockInTurn { return true }
    if hasWalkedInRound && endDeadline != nil { return true }
    if zombieCheckPeriod != nil, nextZombieCheck == nil, zombieCheck == .over { return true }
    guard wantsSummary else { return false }
    return startOfCommand == nil || life == .ended && endOfCommand == nil
  }

  /// How many milliseconds after a scan for zombies the next one is due, nil if there is none.
  private var zombieCheckPeriod: Int64? {
    guard end != .killing, case .milliseconds(let period) = options.zombieCheck else { return nil }
    return period
  }

  mutating func recordClock(_ now: Instant) {
    let isForTurn = turnIsOver && !hasReadClockInTurn
    hasWalkedInRound = false
    recordEndDeadline(now)
    if isForTurn {
      hasReadClockInTurn = true
      hasChildren = true
      attendToRemainder()
      beginRound()
    }
    recordMoments(now)
  }

  mutating func recordDeadline(_ now: Instant) {
    recordEndDeadline(now)
    recordMoments(now)
  }

  /// Begins what was to begin at this moment.
  private mutating func recordMoments(_ now: Instant) {
    if end == .begun, case .milliseconds(let grace)? = options.killAfter {
      end = .grace
      endDeadline = now.advanced(byMilliseconds: grace)
    }
    recordZombieCheck(now)
    startOfCommand = startOfCommand ?? now
    if life == .ended { endOfCommand = endOfCommand ?? now }
  }

  /// A scan is due when the period is over, and the next period begins when a scan has ended: a scan
  /// may take longer than the period.
  private mutating func recordZombieCheck(_ now: Instant) {
    guard let period = zombieCheckPeriod, zombieCheck == .over else { return }
    guard let due = nextZombieCheck else {
      nextZombieCheck = now.advanced(byMilliseconds: period)
      return
    }
    if now >= due {
      nextZombieCheck = nil
      zombieCheck = .begun
      beginRound()
    }
  }
}
