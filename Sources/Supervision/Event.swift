/// What happened: the outcome of the last action.
public enum Event: Sendable {
  /// COMMAND was spawned.
  case started(ProcessID)
  /// There is no COMMAND to spawn: `--pause`.
  case paused
  /// A wait ended with a signal.
  case received(ReceivedSignal)
  /// A sweep found that a child ended (which is reaped now), stopped or continued. The name is
  /// empty unless the action asked for it, or if it couldn't be read.
  case changed(ProcessID, WaitStatus, name: ProcessName)
  /// A sweep found no more changes among the children that are left, if there are any.
  case swept(hasChildren: Bool)
  /// A signal was sent, or couldn't be.
  case sent(SystemError?)
  /// A report was written, or dropped.
  case reported
  /// Waiting for signals or for children fails, so that nothing can be supervised any more.
  case broken(SystemError)
}

/// A signal that swinit took, and who sent it.
public struct ReceivedSignal: Equatable, Sendable {
  /// Which one.
  public let signal: Signal
  /// Where it is from.
  public let sender: Sender

  /// Where a signal is from.
  public enum Sender: Equatable, Sendable {
    /// A process of swinit's own PID namespace.
    case process(ProcessID)
    /// A process outside swinit's PID namespace, such as an engine's.
    case outside
    /// The kernel: a terminal's keys, a timer.
    case kernel
  }

  /// A signal and who sent it.
  public init(_ signal: Signal, from sender: Sender) {
    self.signal = signal
    self.sender = sender
  }
}

/// What to do next. Each action has one outcome, the next event.
public enum Action {
  /// Wait for a signal: `received`.
  case wait
  /// Look for one child that changed, and reap it if it ended, with its name if asked for:
  /// `changed` or `swept`.
  case reap(named: Bool)
  /// Send a signal: `sent`.
  case send(Signal, to: Target)
  /// Say something: `reported`.
  case report(Report)
  /// Leave with this status; no event follows.
  case exit(ExitStatus)
}

/// Who is sent a signal.
public enum Target: Equatable, Sendable {
  /// One process.
  case process(ProcessID)
  /// All members of the process group with this number.
  case group(ProcessID)
}
