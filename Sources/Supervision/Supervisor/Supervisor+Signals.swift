// What is done with a signal that swinit received, and with one that it sent.

extension Supervisor {
  /// Pending signals have their turn, each number once.
  mutating func beginRound() { signalsOfRound = .all }

  /// None of the signals that a round still looked for is pending.
  mutating func endRound() {
    signalsOfRound = nil
    signalsSinceRound = 0
  }

  /// So many signals were taken since the last round, or what takes as long was done.
  mutating func countTowardsRound(_ signals: Int) {
    signalsSinceRound &+= signals
    if signalsOfRound == nil && signalsSinceRound >= signalsBetweenRounds { beginRound() }
  }

  mutating func record(_ received: ReceivedSignal) {
    signalsOfRound = signalsOfRound?.removing(received.signal)
    countTowardsRound(1)
    if received.signal == .childChanged {
      sweepIsDue = true
      if received.reportsKill { namesKilled = true }
      return
    }
    guard received.signal.canBeForwarded else { return }
    switch life {
    case .absent:
      if received.signal == .terminate || received.signal == .interrupt { endPause() }
    case .running, .stopped:
      if asksForTerminal(received) {
        terminal.request = .takeBack(for: received)
      } else {
        forward(received)
      }
    case .ended: forwardToRemainder(received.signal)
    }
  }

  /// Whom COMMAND's signals go to.
  private var target: Target {
    let process = command ?? .nobody
    return options.singleChild ? .process(process) : .group(process)
  }

  @inline(never)
  mutating func forward(_ received: ReceivedSignal) {
    guard let signal = options.rewrites[received.signal] else {
      say(.dropped(received.signal, from: received.sender), from: 1)
      return
    }
    if signal == .continue { continueInsteadOfStopping(signal) }
    delivery = Delivery(
      signal: signal, target: target, purpose: .forwarded(received.signal, from: received.sender))
    guard received.signal.asksToEnd else { return }
    beginEnd()
    if signal.stops { return }
    continueInsteadOfStopping(signal)
    if life == .stopped && terminal.use != .none {
      nextDelivery = resumption
    } else {
      // A sweep finds out whether it is stopped. Even on a terminal, SIGCHLD is taken after every
      // signal with a lower number.
      sweepIsDue = true
      resumesIfStopped = true
    }
  }

  private var resumption: Delivery {
    Delivery(signal: .continue, target: target, purpose: .resumed)
  }

  /// COMMAND goes on.
  @inline(never)
  mutating func resume() {
    if life == .stopped { delivery = resumption }
  }

  /// COMMAND is gone, and its number may be somebody else's by now: only descendants are told.
  mutating func forwardToRemainder(_ received: Signal) {
    guard let command, end != .killing, let signal = options.rewrites[received] else { return }
    descendantSignal = .forward(signal, group: command)
    if signal == .kill { hasSentKill = true }
  }

  mutating func recordDelivery(_ error: SystemError?) {
    guard let sent = delivery else { return }
    if error == .noSuchProcess, case .group(let leader) = sent.target {
      // COMMAND has left its group, and nobody else is in it.
      delivery?.target = .process(leader)
      return
    }
    delivery = nextDelivery
    nextDelivery = nil
    if let error {
      recordFailure(of: sent, error)
      return
    }
    if sent.signal == .kill { hasSentKill = true }
    switch sent.purpose {
    case .forwarded(let signal, let sender):
      terminal.noteForwarded(sent.signal, for: ReceivedSignal(signal, from: sender))
      if sent.signal == .terminate, case .group = sent.target { groupWasSignalled = true }
      say(.forwarded(signal, from: sender, as: sent.signal, to: sent.target), from: 1)
    case .resumed: terminal.forwardedStop = nil
    }
  }

  private mutating func recordFailure(of sent: Delivery, _ error: SystemError) {
    guard error != .noSuchProcess, case .forwarded = sent.purpose, !hasSaidNotPermitted else {
      return
    }
    hasSaidNotPermitted = true
    say(.cannotSend(sent.signal, to: sent.target, error))
  }
}
