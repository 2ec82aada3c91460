// Job control: which process group is the foreground, and when swinit stops with the command.

extension Supervisor {
  /// What is done about the terminal before signals are sent.
  @inline(__always)
  mutating func nextTerminalRequest() -> Action? {
    if case .none = terminal.request { return nil }
    guard let command = command.group else { return nil }
    switch terminal.request {
    case .none, .reclaim, .reclaimAtExit: return nil
    case .lend: return .lendTerminal(to: command)
    case .reclaimForMember(let received):
      guard case .process(let sender) = received.sender else {
        return .reclaimTerminal(from: command, requestedBy: nil)
      }
      return .reclaimTerminal(from: command, requestedBy: sender)
    case .continueOwnGroup: return .continueOwnGroup
    }
  }

  /// What is done once the command has exited.
  @inline(__always)
  mutating func nextReclaim() -> Action? {
    guard case .reclaim = terminal.request, let command = command.group else { return nil }
    return .reclaimTerminal(from: command, requestedBy: nil)
  }

  /// What is done before swinit exits.
  @inline(__always)
  mutating func nextReclaimAtExit() -> Action? {
    guard case .reclaimAtExit = terminal.request, let command = command.group else { return nil }
    return .reclaimTerminal(from: command, requestedBy: nil)
  }

  /// What is done to stop with the command, once all changes of children are known: it may have
  /// continued since, or exited. During a grace period swinit has a deadline to keep.
  @inline(__always)
  mutating func nextStopAction() -> Action? {
    if shutdown.hasDeadlineToKeep { return nil }
    if reaping.isDue {
      // What the sweep finds comes after the last look, so it is not the last.
      if case .stop(let jobStop) = terminal.stop { terminal.stop = .lookForSignals(jobStop) }
      return nil
    }
    switch terminal.stop {
    case .none: return nil
    case .examine: return command.group.map { .examineStop(of: $0) }
    case .reclaim: return command.group.map { .reclaimTerminal(from: $0, requestedBy: nil) }
    case .lookForSignals(let jobStop), .looking(let jobStop):
      terminal.stop = .looking(jobStop)
      rounds.begin()
      return .takePending(.all)
    case .stop(let jobStop): return .stop(jobStop.signal, wholeGroup: jobStop.wholeGroup)
    }
  }

  /// Whether swinit stops when the command does. PID 1 can't stop.
  private var stopsWithCommand: Bool {
    @inline(__always) get { !isPID1 && !shutdown.hasDeadlineToKeep }
  }

  /// The command was stopped.
  @inline(never)  // 144 bytes
  mutating func recordStop(by signal: Signal) {
    guard terminal.use != .none, exitStatus == nil else { return }
    if terminal.forwardedStop == signal {
      // Its sender expects swinit to stop, and stops the others itself if it wants to.
      terminal.forwardedStop = nil
      if stopsWithCommand {
        let jobStop = TerminalControl.JobStop(signal: signal.ofJob, wholeGroup: false)
        terminal.stop = .reclaim(jobStop, .forwarded)
      }
      return
    }
    terminal.groupIsStopped = signal != .stop
    switch signal {
    case .terminalInput, .terminalOutput:
      if terminal.use == .unused { terminal.use = .wanted }
      terminal.request = .lend(.demanded(signal))
    case .terminalStop:
      if stopsWithCommand {
        let jobStop = TerminalControl.JobStop(signal: signal, wholeGroup: true)
        terminal.stop = .reclaim(jobStop, .terminal)
      } else {
        // The keyboard stopped it, and no other process would continue it, or not before its grace
        // period expires.
        resume()
      }
    case .stop:
      // A shell suspends itself by it; others stop the command alone, such as cpulimit(1).
      if stopsWithCommand { terminal.stop = .examine }
    default: break
    }
  }

  /// The command has exited, and a signal came that stops its descendants, such as the keyboard's ^Z to
  /// swinit's own group: swinit, which waits for them, stops too.
  mutating func stopWithDescendants() {
    guard terminal.use != .none, stopsWithCommand else { return }
    terminal.stop = .lookForSignals(
      TerminalControl.JobStop(signal: .terminalStop, wholeGroup: false))
  }

  mutating func recordExamination(_ hasStoppedItself: Bool) {
    let jobStop = TerminalControl.JobStop(signal: .terminalStop, wholeGroup: false)
    terminal.groupIsStopped = hasStoppedItself
    terminal.stop = hasStoppedItself ? .reclaim(jobStop, .terminal) : .none
  }

  /// The command's group is the foreground now, or the terminal isn't swinit's to lend.
  @inline(never)  // 48 bytes
  mutating func recordLending(_ isLent: Bool) {
    guard case .lend(let reason) = terminal.request else { return }
    terminal.request = .none
    if isLent { terminal.use = .lent }
    switch reason {
    case .beforeContinuing: break
    case .demanded(let signal):
      if isLent {
        resume()
      } else if !shutdown.hasDeadlineToKeep {
        // The kernel would have stopped the whole job. As PID 1, swinit stops the others only.
        terminal.stop = .lookForSignals(
          TerminalControl.JobStop(signal: signal, wholeGroup: true))
      }
    case .retried: if isLent { resume() }
    }
  }

  @inline(never)  // 336 bytes
  mutating func recordReclaimedTerminal(_ outcome: ReclaimOutcome) {
    let request = terminal.request
    terminal.request = .none
    switch request {
    case .reclaim: recordReclaimAfterExit(outcome)
    case .reclaimAtExit: break
    case .reclaimForMember(let received):
      switch outcome {
      case .reclaimedFromCommand, .reclaimedFromEmptyGroup, .alreadyOwn:
        if terminal.use == .lent { terminal.use = .unused }
        terminal.request = .continueOwnGroup
      case .leftToCommand: break
      // The whole job is in the background.
      case .leftToOtherGroup: forward(received)
      }
    case .none, .lend, .continueOwnGroup: recordReclaimToStop(outcome)
    }
  }

  private mutating func recordReclaimToStop(_ outcome: ReclaimOutcome) {
    guard case .reclaim(let jobStop, let cause) = terminal.stop else { return }
    if cause == .terminal, outcome != .reclaimedFromCommand, outcome != .leftToCommand {
      // A process sent the command alone a stop.
      terminal.stop = .none
      terminal.groupIsStopped = false
    } else {
      terminal.stop = .lookForSignals(jobStop)
    }
  }

  private mutating func recordReclaimAfterExit(_ outcome: ReclaimOutcome) {
    if outcome == .leftToOtherGroup, awaitsDescendants { terminal.request = .reclaimAtExit }
    guard case .ofForeground(let signal) = terminal.death else { return }
    switch outcome {
    case .reclaimedFromCommand, .leftToCommand: terminal.death = .sure(signal, wholeGroup: true)
    default: break
    }
  }

  mutating func recordContinuedGroup() { terminal.request = .none }

  /// swinit has continued, or the kernel did not let it stop, since its group is orphaned; the
  /// command continues with it.
  mutating func recordResumption() {
    terminal.stop = .none
    if terminal.isClaimed { terminal.request = .lend(.beforeContinuing) }
    resume()
    if command.hasExited { forwardToGroup(.continue) }
  }

  /// The command that lacks the terminal stays stopped.
  mutating func recordFailureToStop() { terminal.stop = .none }

  /// Whether another member of swinit's group may lack the terminal: the kernel sends the whole
  /// group these signals, and another swinit in the group that stops it does as well.
  @inline(__always)
  func asksForTerminal(_ received: ReceivedSignal) -> Bool {
    guard received.signal == .terminalInput || received.signal == .terminalOutput else {
      return false
    }
    switch received.sender {
    case .kernel, .process: return terminal.use != .none
    case .outside, .unknown: return false
    }
  }

  /// A signal comes that makes the command continue: swinit does not stop, and the command may have
  /// lost the terminal when it stopped.
  mutating func continueInsteadOfStopping(
    _ signal: Signal, for lending: TerminalControl.Lending = .beforeContinuing
  ) {
    var isStopping = signal == .continue
    if case .none = terminal.stop {} else { isStopping = true }
    terminal.stop = .none
    if isStopping, terminal.isClaimed { terminal.request = .lend(lending) }
  }

  /// Tries once more to lend the terminal to a command that is stopped because it lacks it.
  mutating func retryLending() {
    // swinit has a deadline to keep since then, and does not stop.
    if shutdown.hasDeadlineToKeep { terminal.stop = .none }
    if command.isStopped, exitStatus == nil, terminal.use == .wanted, forwarding.delivery == nil,
      case .none = terminal.stop
    {
      terminal.request = .lend(.retried)
    }
  }

  /// The command has exited, or a signal has killed it.
  mutating func recordDeath(_ change: WaitStatus.Change) {
    var signal: Signal?
    if !isPID1, case .killed(let killer, _) = change { signal = killer }
    terminal.noteExit(signal)
  }

  /// The last action: swinit exits, or dies of the keyboard's signal as the command did.
  @inline(__always)
  func exit(_ status: ExitStatus) -> Action {
    if case .sure(let signal, let wholeGroup) = terminal.death, command.hasExited,
      status == .death(by: signal)
    {
      return .die(of: signal, wholeGroup: wholeGroup)
    }
    return .exit(status)
  }
}

extension Signal {
  /// What swinit stops by when this signal stops the command. The kernel lets no process stop by
  /// SIGTSTP in an orphaned group; SIGSTOP stops it all the same.
  fileprivate var ofJob: Signal { self == .stop ? .terminalStop : self }
}
