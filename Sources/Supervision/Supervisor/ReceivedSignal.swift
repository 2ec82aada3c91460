/// A signal that swinit received, and its sender.
public struct ReceivedSignal: Hashable, Sendable {
  /// The signal.
  public let signal: Signal
  /// Its sender.
  public let sender: Sender
  /// Whether it is a SIGCHLD that reports a child killed by SIGKILL. Several pending SIGCHLD become
  /// one, so nothing is known about other children.
  public let reportsKill: Bool
  /// Whether swinit inherited it as ignored, as from nohup(1); determined only for signals that may begin
  /// shutdown.
  public let isIgnored: Bool

  /// The sender of a signal.
  public enum Sender: Hashable, Sendable {
    /// A process of swinit's own PID namespace.
    case process(ProcessID)
    /// A process outside swinit's PID namespace, such as the container engine's; or any that sent
    /// a real-time signal while the user's queue of pending signals was full.
    case outside
    /// The kernel: a terminal's keys, a timer.
    case kernel
    /// Unknown: the code is one that a process may give to a signal that it sends, with any sender.
    /// rt_sigqueueinfo(2), fcntl(2) F_SETSIG
    case unknown

    /// Determines the sender from a signal's `si_code` and `si_pid`; see sigaction(2). The kernel sets
    /// these three codes itself, and lets no process give them to a signal for another process.
    public init(code: Int32, process: ProcessID) {
      switch code {
      case Sender.user, Sender.thread: self = process == .invalid ? .outside : .process(process)
      case Sender.byKernel: self = .kernel
      default: self = .unknown
      }
    }

    /// By kill(2), or PR_SET_PDEATHSIG(2const). The corresponding C constant is `SI_USER`.
    public static let user: Int32 = 0
    /// By tkill(2) or tgkill(2). The corresponding C constant is `SI_TKILL`.
    public static let thread: Int32 = -6
    /// The corresponding C constant is `SI_KERNEL`.
    public static let byKernel: Int32 = 0x80
  }

  /// A signal and its sender.
  public init(_ signal: Signal, from sender: Sender) {
    self.init(signal, from: sender, reportsKill: false)
  }

  /// A signal, its sender, whether it reports a killed child, and whether it is ignored.
  public init(
    _ signal: Signal, from sender: Sender, reportsKill: Bool, isIgnored: Bool = false
  ) {
    self.signal = signal
    self.sender = sender
    self.reportsKill = reportsKill
    self.isIgnored = isIgnored
  }
}
