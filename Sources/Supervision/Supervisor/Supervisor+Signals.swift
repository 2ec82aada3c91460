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
    switch command {
    case .none:
      if received.signal == .terminate || received.signal == .interrupt { endPause() }
    case .running, .stopped:
      if asksForTerminal(received) {
        terminal.request = .takeBack(for: received)
      } else {
        forward(received)
      }
    case .exited: forwardToRemainder(received.signal)
    }
  }

  /// Forwards a signal to the command.
  @inline(never)
  mutating func forward(_ received: ReceivedSignal) {
    guard let process = command.group else { return }
    guard let signal = options.rewrites[received.signal] else {
      report(.dropped(received.signal, from: received.sender), atVerbosity: 1)
      return
    }
    if signal == .continue { continueInsteadOfStopping(signal) }
    delivery = Delivery(
      signal: signal, target: options.target(process),
      purpose: .forwarded(received.signal, from: received.sender))
    guard received.signal.asksToEnd else { return }
    shutdown.begin(options.killAfter)
    if signal.stops { return }
    continueInsteadOfStopping(signal)
    if command.isStopped && terminal.use != .none {
      nextDelivery = .resumption(options.target(process))
    } else {
      // A sweep finds out whether it is stopped. Even on a terminal, SIGCHLD is taken after every
      // signal with a lower number.
      sweepIsDue = true
      resumesIfStopped = true
    }
  }

  /// Continues the command if it is stopped.
  @inline(never)
  mutating func resume() {
    if case .stopped(let process) = command { delivery = .resumption(options.target(process)) }
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
      if sent.signal == .terminate, case .group = sent.target { remainder.groupWasSignalled = true }
      report(.forwarded(signal, from: sender, as: sent.signal, to: sent.target), atVerbosity: 1)
    case .resumed: terminal.forwardedStop = nil
    }
  }

  private mutating func recordFailure(of sent: Delivery, _ error: SystemError) {
    guard error != .noSuchProcess, case .forwarded = sent.purpose, !hasReportedNotPermitted else {
      return
    }
    hasReportedNotPermitted = true
    report(.cannotSend(sent.signal, to: sent.target, error))
  }
}

extension Options {
  /// Where signals for the command are sent.
  fileprivate func target(_ command: ProcessID) -> Target {
    singleChild ? .process(command) : .group(command)
  }
}

extension Supervisor.Delivery {
  fileprivate static func resumption(_ target: Target) -> Self {
    Self(signal: .continue, target: target, purpose: .resumed)
  }
}
