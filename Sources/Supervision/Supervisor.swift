/// The whole policy of swinit, without effects: what happened goes in as an event, what to do next
/// comes out as an action, and the outcome of that action is the next event.
///
/// An event is first recorded as facts of the state; then the most urgent thing that the facts
/// leave to do comes next, and waiting only when there is nothing else.
public struct Supervisor {
  /// COMMAND, as far as is known.
  private enum Command {
    /// There is none: `--pause`.
    case absent
    /// It lives; or it died, and isn't reaped yet, so that its number is still its own.
    case running(ProcessID, isStopped: Bool)
    /// It was reaped, and this is its status.
    case ended(ExitStatus)
  }

  /// A signal that is to be sent.
  private struct Delivery {
    let signal: Signal
    var target: Target
    let purpose: Purpose
  }

  /// Why a signal is sent.
  private enum Purpose {
    /// Somebody sent it, or what it is a rewrite of, to swinit.
    case forwarded(ReceivedSignal)
    /// COMMAND is stopped, and couldn't act on the signal that asked it to end.
    case resumed
    /// COMMAND has ended, and what is left of its group should too.
    case cleared
  }

  private let options: Options
  private var command = Command.absent
  /// Whether there may be a zombie that no sweep has seen. It is so at first: a program that
  /// swinit's image replaced may have left some.
  private var sweepIsDue = true
  /// What is sent now, until its outcome is known; and what follows it.
  private var delivery: Delivery?
  private var nextDelivery: Delivery?
  /// What is said next.
  private var report: Report?
  private var hasSaidNotPermitted = false
  /// Set when there is nothing left to do but to leave.
  private var exitStatus: ExitStatus?

  /// A supervisor that does what the options ask for. Its first event is `started` or `paused`.
  public init(options: Options) { self.options = options }

  /// Takes what happened, and gives what to do next. After `Action.exit` it takes no more events.
  @inline(never)
  public mutating func handle(_ event: Event) -> Action {
    switch event {
    case .started(let process): recordStart(of: process)
    case .paused: break
    case .received(let signal): record(signal)
    case .changed(let process, let status, let name): record(process, status, name)
    case .swept(let hasChildren): recordSweep(hasChildren: hasChildren)
    case .sent(let error): recordDelivery(error)
    case .reported: report = nil
    case .broken(let error):
      exitStatus = .failure
      report = .cannotSupervise(error)
    }
    return nextAction
  }

  /// Signals come first: the number of COMMAND's group is surely its own only until the next fork.
  /// A wait comes last.
  private var nextAction: Action {
    if let delivery { return .send(delivery.signal, to: delivery.target) }
    if let report { return .report(report) }
    if let exitStatus { return .exit(exitStatus) }
    if sweepIsDue { return .reap(named: options.warnsOfReaped) }
    if case .ended(let status) = command { return .exit(status) }
    return .wait
  }
}

// MARK: - Signals

extension Supervisor {
  private mutating func record(_ received: ReceivedSignal) {
    if received.signal == .childChanged {
      sweepIsDue = true
      return
    }
    switch command {
    case .running(let process, let isStopped):
      forward(received, to: process, isStopped: isStopped)
    case .absent:
      if received.signal == .terminate || received.signal == .interrupt { exitStatus = .success }
    case .ended: break
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
    let target = options.singleChild ? Target.process(process) : .group(process)
    delivery = Delivery(signal: signal, target: target, purpose: .forwarded(received))
    if isStopped && received.signal.asksToEnd {
      nextDelivery = Delivery(signal: .continue, target: target, purpose: .resumed)
    }
  }

  private mutating func recordDelivery(_ error: SystemError?) {
    guard let sent = delivery else { return }
    if error == .noSuchProcess, case .group(let leader) = sent.target,
      case .running = command
    {
      // COMMAND has left its group, and nobody else is in it.
      delivery?.target = .process(leader)
      return
    }
    delivery = nextDelivery
    nextDelivery = nil
    switch (sent.purpose, error) {
    case (.forwarded(let received), nil):
      say(.forwarded(received, as: sent.signal, to: sent.target), from: 1)
    case (.cleared, nil): say(.cleared(sent.signal, sent.target), from: 1)
    case (.resumed, _), (_, SystemError.noSuchProcess?): break
    case (_, let error?):
      if !hasSaidNotPermitted { report = .cannotSend(sent.signal, to: sent.target, error) }
      hasSaidNotPermitted = true
    }
  }
}

// MARK: - Children

extension Supervisor {
  private mutating func recordStart(of process: ProcessID) {
    command = .running(process, isStopped: false)
    say(.started(process), from: 1)
  }

  private mutating func record(
    _ process: ProcessID, _ status: WaitStatus, _ name: ProcessName
  ) {
    guard case .running(process, _) = command else {
      guard status.exitStatus != nil else { return }
      if options.warnsOfReaped {
        report = .reapedOrphan(process, name, status)
      } else {
        say(.reaped(process, status), from: 2)
      }
      return
    }
    switch status.change {
    case .stopped: command = .running(process, isStopped: true)
    case .continued: command = .running(process, isStopped: false)
    case .exited, .killed: recordEnd(of: process, status)
    }
  }

  private mutating func recordEnd(of process: ProcessID, _ status: WaitStatus) {
    command = .ended(options.exitStatuses[status.exitStatus ?? .failure])
    say(.ended(process, status), from: 1)
    if !options.singleChild, let signal = options.rewrites[.terminate] {
      delivery = Delivery(signal: signal, target: .group(process), purpose: .cleared)
    }
  }

  private mutating func recordSweep(hasChildren: Bool) {
    sweepIsDue = false
    if !hasChildren, case .running = command {
      exitStatus = .failure
      report = .lostCommand
    }
  }

  /// Says something to those who asked for that much.
  private mutating func say(_ report: Report, from verbosity: Int) {
    if options.verbosity >= verbosity { self.report = report }
  }
}
