/// The signals that are sent to the command, or its process group.
struct Forwarding {
  /// A signal that is being sent, until the outcome is known.
  struct Delivery {
    let signal: Signal
    var target: Target
    let purpose: Purpose
  }

  /// Why a signal is sent.
  enum Purpose {
    /// swinit received this signal, which may be rewritten; SIGCONT follows it, if the command is to
    /// act on it and is stopped.
    case forwarded(ReceivedSignal, thenContinues: Bool)
    /// The command is stopped, and has a reason to continue.
    case continued
  }

  fileprivate(set) var delivery: Delivery?
  /// The stop signal that is held back while shutdown is delayed.
  private var delayed: ReceivedSignal?
  /// A stop signal that has released a delayed one, until that was forwarded.
  fileprivate(set) var next: ReceivedSignal?
  /// Whether a signal was sent as SIGKILL, so that swinit itself may have killed any member of the
  /// command's process group.
  private(set) var hasSentKill = false
  /// Whether it was reported that a signal could not be sent.
  fileprivate var hasReportedFailure = false

  /// Holds a signal back.
  mutating func holdBack(_ signal: ReceivedSignal) { delayed = signal }

  /// A signal releases the one that is held back, and is forwarded after it.
  mutating func release(for signal: ReceivedSignal) { next = signal }

  /// Takes the signal that was held back.
  mutating func takeDelayed() -> ReceivedSignal? { delayed.take() }

  /// A signal was sent as SIGKILL.
  mutating func noteKill() { hasSentKill = true }

  /// Sends the signal that is due.
  var nextAction: Action? {
    @inline(__always) get {
      if let delivery { .send(delivery.signal, to: delivery.target) } else { nil }
    }
  }
}

extension Supervisor {
  mutating func record(_ received: ReceivedSignal) {
    rounds.note(received.signal)
    if received.signal == .childChanged {
      reaping.requestSweep()
      if received.reportsKill, reportsKills { reaping.noteKill() }
      return
    }
    guard received.signal.canBeForwarded else { return }
    let beginsShutdown = beginsShutdown(received)
    switch command {
    case .none: if beginsShutdown { endPause() }
    case .running, .stopped:
      if asksForTerminal(received) {
        terminal.request = .reclaimForMember(received)
      } else if !beginsShutdown || !delays(received) {
        forward(received)
      }
    case .exited: if !beginsShutdown || !delays(received) { forward(received) }
    }
  }

  /// Forwards a signal to the command, or to what it leaves.
  @inline(never)  // 416 bytes, with the three below
  mutating func forward(_ received: ReceivedSignal) {
    guard let signal = options.rewrites[received.signal] else {
      report(.dropped(received.signal, from: received.sender), atVerbosity: 1)
      return
    }
    if command.hasExited { return forwardToDescendants(received, as: signal) }
    if signal == .continue { continueInsteadOfStopping(signal) }
    var thenContinues = false
    if received.asksToStop(as: signal, options.stopSignals) {
      if !received.isIgnored { shutdown.begin(options.killAfter) }
      if !signal.stops {
        continueInsteadOfStopping(signal)
        thenContinues = command.isStopped && terminal.use != .none
        if !thenContinues {
          // A sweep finds out whether it is stopped. Even on a terminal, SIGCHLD is taken after every
          // signal with a lower number.
          reaping.requestSweepAndResume()
        }
      }
    }
    send(signal, for: .forwarded(received, thenContinues: thenContinues))
  }

  /// Forwards the stop signal that follows another one, which it has released, once nothing is left to
  /// do for that one.
  @inline(never)
  mutating func forwardNext() {
    if case .none = forwarding.delivery, case .none = remaining.next,
      case .none = reporting.next, let received = forwarding.next.take()
    {
      forward(received)
    }
  }

  /// Continues the command if it is stopped.
  @inline(never)
  mutating func resume() {
    if command.isStopped { send(.continue, for: .continued) }
  }

  @inline(never)
  private mutating func send(_ signal: Signal, for purpose: Forwarding.Purpose) {
    guard let process = command.group else { return }
    // What was stopped as a group is continued as one.
    let isForAll = !options.singleChild || signal == .continue && terminal.groupIsStopped
    forwarding.delivery = Forwarding.Delivery(
      signal: signal, target: isForAll ? .group(process) : .process(process), purpose: purpose)
  }

  /// Whether it is to be noted when a signal is sent: a process that starts after it hasn't had it.
  public func notesTick(of signal: Signal) -> Bool { signal == options.rewrites[.terminate] }

  mutating func recordDelivery(_ error: SystemError?, _ tick: Tick?) {
    guard let sent = forwarding.delivery else { return }
    if error == .noSuchProcess, case .group(let leader) = sent.target {
      // The command has left its group, and no other process is in it.
      forwarding.delivery?.target = .process(leader)
      return
    }
    forwarding.delivery = nil
    guard case .forwarded(let received, let thenContinues) = sent.purpose else {
      if error == nil { terminal.forwardedStop = nil }
      return
    }
    if thenContinues { resume() }
    if let error {
      // The command and its group may be gone, and one report is enough.
      if error == .noSuchProcess || forwarding.hasReportedFailure { return }
      forwarding.hasReportedFailure = true
      report(.cannotSend(sent.signal, to: sent.target, error))
      return
    }
    if sent.signal == .kill { forwarding.noteKill() }
    if let tick, case .group = sent.target {
      remaining.noteGroupSignalled(at: tick)
    }
    terminal.noteForwarded(sent.signal, for: received)
    report(
      .forwarded(received.signal, from: received.sender, as: sent.signal, to: sent.target),
      atVerbosity: 1)
  }
}
