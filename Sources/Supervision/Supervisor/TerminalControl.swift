/// What swinit does about the terminal that controls its session: which process group is the
/// foreground, and whether swinit stops when the command does. The rest of swinit's job, such as a
/// calling script or a pager, must behave as it would without swinit. credentials(7)
struct TerminalControl {
  /// What the command has to do with the terminal.
  enum Use {
    /// No terminal controls the session.
    case none
    /// The command has not asked for it, or another member of swinit's group has asked since.
    case unused
    /// The command is stopped because it lacks it.
    case wanted
    /// The command's group is the foreground whenever swinit's job is.
    case lent
  }

  /// What comes next, before any signal is sent: the command must have the terminal when it
  /// continues.
  enum Request {
    case none
    case lend(Lending)
    /// Another member of swinit's group lacks the terminal, as this signal reports.
    case reclaimForMember(ReceivedSignal)
    /// The members of swinit's group that stopped because they lacked the terminal can have it now.
    case continueOwnGroup
    /// The command has exited.
    case reclaim
    /// The same when swinit is about to exit: another group was the foreground when the command
    /// exited, and may be gone by then; or the command still runs.
    case reclaimAtExit
  }

  /// Why the terminal is lent.
  enum Lending {
    /// The command is about to be continued anyway.
    case beforeContinuing
    /// The command was stopped by this signal because it lacks the terminal.
    case demanded(Signal)
    /// The same command still lacks it, and the processes have changed since.
    case retried
  }

  /// How far swinit has come to stop because the command did.
  enum Stop {
    case none
    /// It is to be determined whether the command stopped itself.
    case examine
    /// The shell expects to find the terminal free, or at least not the command's.
    case reclaim(JobStop, Cause)
    /// A signal that asks the command to stop must not wait until swinit is continued.
    case lookForSignals(JobStop)
    case looking(JobStop)
    case stop(JobStop)
  }

  /// What stopped the command.
  enum Cause {
    /// The keyboard, or the command itself, provided that its group is the foreground.
    case terminal
    /// A signal that swinit forwarded.
    case forwarded
  }

  /// How swinit stops.
  struct JobStop {
    let signal: Signal
    /// Whether all of swinit's group stops, as it would if the command were in that group.
    let wholeGroup: Bool
  }

  /// From whom the command was last forwarded SIGINT, or SIGQUIT.
  enum Forwarding {
    case never
    /// The keyboard: all of swinit's group received it.
    case fromKernel
    case fromProcess
  }

  /// How the command's death by SIGINT or SIGQUIT is passed on. A shell ends a script or a loop
  /// when a signal has killed the child that it waits for, not when that exits with status 130.
  enum Death {
    case none
    /// swinit dies alike if the command's group was the foreground: then the keyboard sent it, as far
    /// as can be known. Nothing says who sent a signal that has killed a child.
    case ofForeground(Signal)
    case sure(Signal, wholeGroup: Bool)
  }

  var use = Use.none
  var request = Request.none
  var stop = Stop.none
  /// A stop that was forwarded to the command, until that stops or continues.
  var forwardedStop: Signal?
  /// Whether a stop that was not forwarded may have stopped all of the command's group: the kernel's,
  /// or that of a shell that suspends itself. Then all of it is continued, with `--single-child` too.
  var groupIsStopped = false
  private var interrupt = Forwarding.never
  private var quit = Forwarding.never
  var death = Death.none

  init() {}

  init(_ access: TerminalAccess) {
    use =
      switch access {
      case .none: .none
      case .background: .unused
      case .foreground: .lent
      }
  }

  /// Whether the command is to have the terminal when it continues.
  var isClaimed: Bool { use == .lent || use == .wanted }

  /// Notes a signal that was forwarded to the command as it was received, or as another one.
  mutating func noteForwarded(_ signal: Signal, for received: ReceivedSignal) {
    if signal.stops { forwardedStop = signal }
    if signal == .continue { forwardedStop = nil }
    let isKeyboards = received.sender == .kernel && received.signal == signal
    let forwarding = isKeyboards ? Forwarding.fromKernel : .fromProcess
    if signal == .interrupt { interrupt = forwarding }
    if signal == .quit { quit = forwarding }
  }

  /// A round of signals is over.
  mutating func noteNoSignal() {
    if case .looking(let jobStop) = stop { stop = .stop(jobStop) }
  }

  /// The command has continued.
  mutating func noteContinued() {
    stop = .none
    forwardedStop = nil
    groupIsStopped = false
  }

  /// swinit exits although the command has not.
  mutating func noteGivingUp() {
    stop = .none
    if use != .none { request = .reclaimAtExit }
  }

  /// The command has exited, or was killed by a signal.
  mutating func noteExit(_ signal: Signal?) {
    stop = .none
    if use != .none {
      // The command may have taken the terminal itself.
      request = .reclaim
      use = .unused
    }
    guard let signal, signal == .interrupt || signal == .quit else { return }
    switch signal == .interrupt ? interrupt : quit {
    case .fromKernel: death = .sure(signal, wholeGroup: false)
    case .never where use != .none: death = .ofForeground(signal)
    case .never, .fromProcess: break
    }
  }
}
