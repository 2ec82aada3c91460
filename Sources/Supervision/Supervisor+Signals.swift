// What is done with a signal that swinit received, and with one that it sent.

extension Supervisor {
  mutating func record(_ received: ReceivedSignal) {
    if received.signal == .childChanged {
      sweepIsDue = true
      return
    }
    switch command {
    case .running(let process, let isStopped):
      forward(received, to: process, isStopped: isStopped)
    case .absent:
      if received.signal == .terminate || received.signal == .interrupt { endPause() }
    case .ended(let group?, _): forwardToRemainder(received, of: group)
    case .ended(nil, _): break
    }
  }

  private mutating func forward(
    _ received: ReceivedSignal, to process: ProcessID, isStopped: Bool
  ) {
    guard received.signal.canBeForwarded else { return }
    guard let signal = options.rewrites[received.signal] else {
      say(.dropped(received), from: 1)
      return
    }
    if received.signal == .continue && !isPID1 { terminalTask = .hand(orStop: nil) }
    let target = options.singleChild ? Target.process(process) : .group(process)
    delivery = Delivery(signal: signal, target: target, purpose: .forwarded(received))
    guard received.signal.asksToEnd else { return }
    beginEnd()
    if signal.stops { return }
    if isStopped {
      nextDelivery = Delivery(signal: .continue, target: target, purpose: .resumed)
    } else {
      // It may be all the same: SIGCHLD is taken after every signal with a lower number.
      sweepIsDue = true
      resumesIfStopped = true
    }
  }

  /// COMMAND is gone, and its number may be somebody else's by now: only descendants are told.
  private mutating func forwardToRemainder(_ received: ReceivedSignal, of group: ProcessID) {
    guard received.signal.canBeForwarded, let signal = options.rewrites[received.signal] else {
      return
    }
    if case .killing = end { return }
    errand = .forward(signal, group: group)
  }

  mutating func recordDelivery(_ error: SystemError?) {
    guard let sent = delivery else { return }
    if error == .noSuchProcess, case .group(let leader) = sent.target, case .running = command {
      // COMMAND has left its group, and nobody else is in it.
      delivery?.target = .process(leader)
      return
    }
    delivery = nextDelivery
    nextDelivery = nil
    switch (sent.purpose, error) {
    case (.forwarded(let received), nil):
      if sent.signal == .terminate, case .group = sent.target { groupWasTold = true }
      say(.forwarded(received, as: sent.signal, to: sent.target), from: 1)
    case (.cleared, nil): say(.cleared(sent.signal, sent.target), from: 1)
    case (.resumed, _), (_, SystemError.noSuchProcess?): break
    case (_, let error?):
      if !hasSaidNotPermitted { report = .cannotSend(sent.signal, to: sent.target, error) }
      hasSaidNotPermitted = true
    }
  }
}
