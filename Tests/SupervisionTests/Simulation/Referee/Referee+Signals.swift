import Supervision

// Received signals and sent signals.

extension Referee {
  mutating func note(_ received: ReceivedSignal, at now: Instant) {
    let signal = received.signal
    if signal.rawValue < 32 {
      signalsOfRound = signalsOfRound.map {
        SignalSet(rawValue: $0.rawValue & ~SignalSet(signal).rawValue)
      }
    } else if let signals = signalsOfRound {
      // They keep their order: a round takes 33 of whatever numbers.
      realTimeInRound += 1
      if realTimeInRound == 33 {
        signalsOfRound = SignalSet(rawValue: signals.rawValue & 0x7fff_ffff)
      }
    }
    countTowardsRound(1)
    if signal == .childChanged {
      sweepIsDue = true
      if received.reportsKill && reportsKills { account.namesKilled = true }
    } else if requested.pauses, !wasSignalledToExit {
      if !requested.beginsShutdown(received) { return }
      wasSignalledToExit = true
      sweepIsDue = true
      noteLastSweep()
      begin(at: now)
    } else if end == nil, asksForTerminal(received) {
      duties.append(.takeBack(for: received))
    } else if !holdsBack(received, at: now) {
      noteStopSignal(received, at: now)
    }
  }

  /// Whether a stop signal is held back; or released, and then followed by another one.
  private mutating func holdsBack(_ received: ReceivedSignal, at now: Instant) -> Bool {
    guard requested.stopDelay > 0, requested.beginsShutdown(received) else { return false }
    switch phase {
    case .ahead:
      if received.signal == .hangup && received.sender == .kernel { return false }
      phase = .delayBegun(received)
      noteContinuing(received.signal, for: .retried)
      expect(
        .delayed(received.signal, from: received.sender, milliseconds: requested.stopDelay), from: 1
      )
      return true
    case .delayBegun(let first), .delayed(let first, _):
      phase = .ahead
      noteStopSignal(first, at: now)
      following = received
      return true
    case .open, .begun, .grace, .killing: return false
    }
  }

  /// A signal goes to the command, or to its remaining descendants.
  mutating func noteStopSignal(_ received: ReceivedSignal, at now: Instant) {
    if let command, end == nil { return noteForward(received, command, at: now) }
    guard let substitute = requested.substitute(for: received.signal) else {
      return expect(.dropped(received.signal, from: received.sender), from: 1)
    }
    if case .killing = phase { return }
    if substitute == .continue || requested.isStopSignal(received, as: substitute) {
      terminal.step = nil
    }
    if requested.waits && requested.beginsShutdown(received) {
      begin(at: now)
      descendantsWereSignalled = true
      descendantSignalIsForwarded = true
      dueDescendantSignal = .terminate(substitute, group: group, sentBefore: nil)
    } else {
      if substitute.isStop { noteStopAfterExit() }
      noteSignal(substitute, toGroup: group)
    }
  }

  /// A signal goes to the remaining members of the command's group.
  mutating func noteSignal(_ signal: Signal, toGroup group: ProcessID?) {
    guard let group, !requested.singleChild else { return }
    dueDescendantSignal = .forward(signal, group: group)
  }

  mutating func noteForward(_ received: ReceivedSignal, _ command: ProcessID, at now: Instant) {
    guard let signal = requested.substitute(for: received.signal) else {
      return expect(.dropped(received.signal, from: received.sender), from: 1)
    }
    let asksToStop = requested.isStopSignal(received, as: signal)
    if signal == .continue || asksToStop && !signal.isStop {
      noteContinuing(signal)
    }
    duties.append(.send(signal, to: target(of: signal, command), .forwarding(received)))
    guard asksToStop else { return }
    if requested.beginsShutdown(received) { begin(at: now) }
    if signal.isStop { return }
    if isKnownAsStopped && terminal.exists {
      duties.append(.send(.continue, to: target(of: .continue, command), .resuming))
    } else {
      mayBeStopped = true
    }
  }

  func target(of signal: Signal, _ command: ProcessID) -> Target {
    let isForAll = !requested.singleChild || signal == .continue && terminal.isGroupStopped
    return isForAll ? .group(command) : .process(command)
  }

  func checkSend(_ signal: Signal, to target: Target) throws(Violation) {
    let sent = "\(signal) to \(target)"
    guard case .send(let due, let dueTarget, _)? = duties.first else {
      throw Violation(end == nil ? .sendsOnlyReceivedSignals : .sendsNothingAfterReaping, sent)
    }
    if due != signal || dueTarget != target {
      throw Violation(.sendsOnlyReceivedSignals, "\(sent) instead of \(duties)")
    }
  }

  /// A signal is about to come to COMMAND, which is stopped, and was that often.
  mutating func noteSend(toCommandStopped stops: Int) {
    guard case .send(let signal, _, .forwarding(let received))? = duties.first else { return }
    if requested.isStopSignal(received, as: signal) && !signal.isStop { stopsToResume = stops }
  }

  mutating func noteSent(_ error: SystemError?, at tick: Tick?) {
    guard case .send(let signal, let target, let purpose)? = duties.first else { return }
    if error == .noSuchProcess, case .group(let leader) = target {
      // The group is empty: the command is in another one.
      duties[0] = .send(signal, to: .process(leader), purpose)
      return
    }
    duties.removeFirst()
    if signal == .kill && error == nil { account.hasSentKill = true }
    switch (purpose, error) {
    case (.forwarding(let received), nil):
      noteTerminal(sent: signal, for: received)
      if signal == requested.substitute(for: .terminate), case .group = target {
        groupSignalled = tick
      }
      expect(
        .forwarded(received.signal, from: received.sender, as: signal, to: target), from: 1)
    case (.resuming, nil): terminal.sentStop = nil
    case (.resuming, _), (_, SystemError.noSuchProcess?): break
    case (.forwarding, let error?):
      if hasReportedNotPermitted { return }
      hasReportedNotPermitted = true
      expect(.cannotSend(signal, to: target, error))
    }
  }
}
