// What begins when the clock is read. It is read only when something is to begin.

extension Supervisor {
  /// Whether a moment is wanted that isn't known yet. (Mutating, since the compiler would copy the
  /// whole supervisor for it otherwise.)
  mutating func clockIsDue() -> Bool {
    if shutdown.needsClock && hasChildren || turnIsOver && !hasReadClockInTurn { return true }
    if rounds.takesLong && shutdown.deadline != nil { return true }
    if zombieCheckPeriod != nil, nextZombieCheck == nil, zombieCheck == .over { return true }
    guard wantsSummary else { return false }
    return startOfCommand == nil || command.hasExited && endOfCommand == nil
  }

  /// How many milliseconds after a scan for zombies the next one is due, nil if there is none.
  private var zombieCheckPeriod: Int64? {
    guard !shutdown.isKilling, case .milliseconds(let period) = options.zombieCheck else {
      return nil
    }
    return period
  }

  @inline(__always)
  mutating func recordClock(_ now: Instant) {
    let isForTurn = turnIsOver && !hasReadClockInTurn
    rounds.noteClock()
    recordShutdownDeadline(now)
    if isForTurn {
      hasReadClockInTurn = true
      hasChildren = true
      signalRemainder()
      rounds.begin()
    }
    recordMoments(now)
  }

  mutating func recordDeadline(_ now: Instant) {
    recordShutdownDeadline(now)
    recordMoments(now)
  }

  /// Begins what was to begin at this moment.
  private mutating func recordMoments(_ now: Instant) {
    shutdown.startGracePeriod(options.killAfter, at: now)
    recordZombieCheck(now)
    startOfCommand = startOfCommand ?? now
    if command.hasExited { endOfCommand = endOfCommand ?? now }
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
      rounds.begin()
    }
  }
}
