/// How far shutdown has come with `--kill-after`. Without it nothing is waited for when the command has
/// exited, so that shutdown stays `notStarted`.
enum Shutdown {
  case notStarted
  /// The grace period begins at the moment at which the clock is read next.
  case starting
  /// All descendants have until this moment to exit.
  case grace(until: Instant)
  /// All descendants have as long as they need: `--kill-after infinity`.
  case unlimitedGrace
  /// The remaining descendants were killed. swinit waits until this moment for them to be gone.
  case killing(until: Instant)
  /// Not even SIGKILL has ended them in time: swinit exits after a last sweep.
  case expired

  /// A deadline that has passed.
  enum Expiry {
    case gracePeriod
    case killing
  }

  /// How long killed processes are waited for: one that sleeps in the kernel may never die.
  private static let killingMilliseconds: Int64 = 2000

  /// Whether a grace period has begun, or is about to.
  var hasBegun: Bool { if case .notStarted = self { false } else { true } }

  /// Whether the grace period begins when the clock is read.
  var needsClock: Bool { if case .starting = self { true } else { false } }

  /// Whether the remaining descendants are killed.
  var isKilling: Bool {
    switch self {
    case .notStarted, .starting, .grace, .unlimitedGrace: false
    case .killing, .expired: true
    }
  }

  /// What is acted on next, if anything: the end of the grace period, or of the wait after it.
  var deadline: Instant? {
    switch self {
    case .notStarted, .starting, .unlimitedGrace, .expired: nil
    case .grace(let deadline), .killing(let deadline): deadline
    }
  }

  /// Begins shutdown, unless something else has begun it: nothing restarts the clock.
  @inline(never)
  mutating func begin(_ gracePeriod: Duration?) {
    guard case .notStarted = self, let gracePeriod else { return }
    self = gracePeriod == .infinity ? .unlimitedGrace : .starting
  }

  /// Begins the grace period if it is to begin at this moment.
  mutating func startGracePeriod(_ gracePeriod: Duration?, at now: Instant) {
    guard case .starting = self, case .milliseconds(let milliseconds)? = gracePeriod else { return }
    self = .grace(until: now.advanced(byMilliseconds: milliseconds))
  }

  /// Goes on to what follows the deadline, if that has passed; gives which it was.
  mutating func expire(at now: Instant) -> Expiry? {
    guard let deadline, now >= deadline else { return nil }
    if case .killing = self {
      self = .expired
      return .killing
    }
    self = .killing(until: now.advanced(byMilliseconds: Shutdown.killingMilliseconds))
    return .gracePeriod
  }
}

extension Options {
  /// Whether a signal that is forwarded as another one asks the command to stop.
  func isStopSignal(_ received: ReceivedSignal, as sent: Signal) -> Bool {
    switch (received.signal, received.sender) {
    // The terminal is gone.
    case (.hangup, .kernel): true
    // The terminal was resized, whatever the image stops by.
    case (.windowChanged, .kernel): false
    default: stopSignals.contains(received.signal) || stopSignals.contains(sent)
    }
  }
}

extension Supervisor {
  /// `--pause` has received a stop signal.
  mutating func endPause() {
    reaping.requestSweep()
    command = .exited(.success, group: nil)
    shutdown.begin(options.killAfter)
  }

  /// The deadline of shutdown may have passed.
  mutating func recordShutdownDeadline(_ now: Instant) {
    switch shutdown.expire(at: now) {
    case nil: break
    case .gracePeriod:
      // A scan could take all the time in which processes are killed that were just forked.
      zombies.stop()
      signalRemainder()
    case .killing:
      // The last of them may have exited in the same instant.
      reaping.requestSweep()
      remainder.next = nil
      if !command.hasExited { terminal.noteGivingUp() }
      reporting.noteEnd(now)
    }
  }

  /// What swinit exits with when the sweep that is due has ended, if nothing else keeps it.
  var exitStatus: ExitStatus? {
    @inline(__always) get {
      if hasFailed { return .failure }
      let isExpired = if case .expired = shutdown { true } else { false }
      if case .exited(let status, _) = command {
        return isExpired || options.killAfter == nil || !reaping.hasChildren ? status : nil
      }
      // The command is among those that cannot die.
      return isExpired ? options.exitStatuses[.death(by: .kill)] : nil
    }
  }
}
