// What begins when the clock is read. It is read only when something is to begin.

extension Supervisor {
  /// Whether a moment is wanted that isn't known yet. (Mutating, since the compiler would copy the
  /// whole supervisor for it otherwise.)
  mutating func clockIsDue() -> Bool {
    if end == .begun && hasChildren || reaps == reapsAtATime { return true }
    if case .milliseconds = options.zombieCheck, nextZombieCheck == nil { return true }
    guard wantsSummary else { return false }
    return startOfCommand == nil || life == .ended && endOfCommand == nil
  }

  mutating func recordClock(_ now: Instant) {
    if reaps == reapsAtATime {
      reaps &+= 1
      hasChildren = true
      if endDeadline != nil { recordDeadline(now) }
      attendToRemainder()
    }
    if end == .begun, case .milliseconds(let grace)? = options.killAfter {
      end = .grace
      endDeadline = now.advanced(byMilliseconds: grace)
    }
    if case .milliseconds(let period) = options.zombieCheck, now >= nextZombieCheck ?? now {
      if nextZombieCheck != nil { zombieCheck = .begun }
      nextZombieCheck = now.advanced(byMilliseconds: period)
    }
    startOfCommand = startOfCommand ?? now
    if life == .ended { endOfCommand = endOfCommand ?? now }
  }
}
