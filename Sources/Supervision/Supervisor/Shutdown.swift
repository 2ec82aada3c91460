/// How far shutdown has come.
enum Shutdown {
  case notStarted
  /// A stop signal has come that is forwarded when a delay is over, which begins at the moment at which
  /// the clock is read next.
  case delayStarting
  /// The stop signal that `Forwarding` holds back is forwarded at this moment.
  case delayed(until: Instant)
  /// It has begun, and nothing limits it: without `--kill-after` no process is killed.
  case begun
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
    case delay
    case gracePeriod
    case killing
  }

  /// How long killed processes are waited for: one that sleeps in the kernel may never die.
  private static let killingMilliseconds: Int64 = 2000

  /// Whether a time is limited, or about to be, so that swinit must not stop.
  var hasDeadlineToKeep: Bool {
    @inline(never) get {
      switch self {
      case .notStarted, .begun, .unlimitedGrace: false
      default: true
      }
    }
  }

  /// Whether a period begins when the clock is read.
  var needsClock: Bool {
    switch self {
    case .starting, .delayStarting: true
    default: false
    }
  }

  /// Whether the remaining descendants are killed.
  var isKilling: Bool {
    switch self {
    case .killing, .expired: true
    default: false
    }
  }

  /// What is acted on next, if anything: the end of the delay, of the grace period, or of the wait after
  /// it.
  var deadline: Instant? {
    switch self {
    case .notStarted, .delayStarting, .begun, .starting, .unlimitedGrace, .expired: nil
    case .delayed(let deadline), .grace(let deadline), .killing(let deadline): deadline
    }
  }

  /// Begins shutdown, unless something else has begun it: nothing restarts the clock. A delay is over.
  @inline(never)  // 80 bytes, with `hasDeadlineToKeep` and `asksToStop`
  mutating func begin(_ gracePeriod: Duration?) {
    switch self {
    case .notStarted, .delayStarting, .delayed: break
    default: return
    }
    switch gracePeriod {
    case nil: self = .begun
    case .infinity?: self = .unlimitedGrace
    case .milliseconds?: self = .starting
    }
  }

  /// Begins the period that is to begin at this moment.
  mutating func startPeriod(_ options: borrowing Options, at now: Instant) {
    if case .delayStarting = self {
      self = .delayed(until: now.advanced(byMilliseconds: options.stopDelay))
    }
    if case .starting = self, case .milliseconds(let milliseconds)? = options.killAfter {
      self = .grace(until: now.advanced(byMilliseconds: milliseconds))
    }
  }

  /// Goes on to what follows the deadline, if that has passed; gives which it was.
  mutating func expire(at now: Instant) -> Expiry? {
    guard let deadline, now >= deadline else { return nil }
    switch self {
    // The signal that is forwarded now begins shutdown.
    case .delayed: return .delay
    case .killing:
      self = .expired
      return .killing
    default:
      self = .killing(until: now.advanced(byMilliseconds: Shutdown.killingMilliseconds))
      return .gracePeriod
    }
  }
}

extension Supervisor {
  /// `--pause` has received a stop signal.
  mutating func endPause() {
    reaping.requestSweep()
    command = .exited(.success, group: nil)
    shutdown.begin(options.killAfter)
    if !awaitsDescendants { reaping.beginLastSweep() }
  }

  /// The deadline of shutdown may have passed.
  mutating func recordShutdownDeadline(_ now: Instant) {
    switch shutdown.expire(at: now) {
    case nil: break
    case .delay: forwardDelayed()
    case .gracePeriod:
      // A scan could take all the time in which processes are killed that were just forked.
      zombies.stop()
      endSearch()
      signalRemainingDescendants()
    case .killing:
      // Many of them may have exited, and not be reaped yet.
      reaping.beginLastSweep()
      remaining.searchForSurvivors()
      if !command.hasExited { terminal.noteGivingUp() }
      reporting.noteEnd(now)
    }
  }

  /// Whether swinit waits for its descendants after the command's exit.
  var awaitsDescendants: Bool {
    @inline(__always) get { options.killAfter != nil || options.waits }
  }

  /// Whether a signal begins shutdown when it is forwarded.
  @inline(__always)
  func beginsShutdown(_ received: ReceivedSignal) -> Bool {
    guard let signal = options.rewrites[received.signal], !received.isIgnored else { return false }
    return received.asksToStop(as: signal, options.stopSignals)
  }

  /// Whether a signal that begins shutdown is held back, or another one is that was: a second one
  /// releases the first, and follows it.
  mutating func delays(_ received: ReceivedSignal) -> Bool {
    let delay = options.stopDelay
    guard delay > 0 else { return false }
    switch shutdown {
    case .notStarted:
      // No load balancer is involved when the terminal is gone.
      if received.signal == .hangup, case .kernel = received.sender { return false }
      shutdown = .delayStarting
      forwarding.holdBack(received)
      // The signal does not continue it yet, but the command may need the terminal to obey it.
      continueInsteadOfStopping(received.signal, for: .retried)
      report(
        .delayed(received.signal, from: received.sender, milliseconds: delay), atVerbosity: 1)
      return true
    case .delayStarting, .delayed:
      forwarding.release(for: received)
      forwardDelayed()
      return true
    default: return false
    }
  }

  /// Forwards the signal that was held back, which begins shutdown.
  mutating func forwardDelayed() {
    if let received = forwarding.takeDelayed() { forward(received) }
  }

  /// The command has exited, and `--wait` lets its descendants run: a signal that was held back goes to
  /// them at once.
  mutating func releaseDelayed() {
    guard let received = forwarding.takeDelayed() else { return }
    forwarding.release(for: received)
  }

  /// What swinit exits with when the sweep that is due has ended, if nothing else keeps it.
  var exitStatus: ExitStatus? {
    @inline(__always) get {
      if hasFailed { return .failure }
      let isExpired = if case .expired = shutdown { true } else { false }
      if case .exited(let status, _) = command {
        return isExpired || !awaitsDescendants || !reaping.hasChildren ? status : nil
      }
      // The command is among those that cannot die.
      return isExpired ? options.exitStatuses[.death(by: .kill)] : nil
    }
  }
}

extension ReceivedSignal {
  /// Whether the command is asked to stop by this signal, forwarded as another one. (Not inlined in two
  /// places: 80 bytes.)
  @inline(never)
  func asksToStop(as sent: Signal, _ stopSignals: SignalSet) -> Bool {
    if case .kernel = sender {
      // The terminal is gone; or it was resized, whatever the image stops by.
      if signal == .hangup { return true }
      if signal == .windowChanged { return false }
    }
    return stopSignals.contains(signal) || stopSignals.contains(sent)
  }
}
