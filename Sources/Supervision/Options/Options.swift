/// What the command line and the environment ask for.
public struct Options {
  /// Signals go to COMMAND alone, not to its process group.
  public var singleChild = false
  /// How long what COMMAND leaves behind is waited for before it is killed; nil if it isn't.
  public var killAfter: Duration?
  /// The signals that ask COMMAND to stop.
  public var stopSignals = SignalSet.none.adding(.terminate).adding(.interrupt)
  /// How many milliseconds the first stop signal is held back.
  public var stopDelay: Int64 = 0
  /// When COMMAND exits, its descendants are waited for without being asked to stop.
  public var waits = false
  /// The signal that swinit wants when its parent dies.
  public var parentDeathSignal: Signal?
  /// What exit statuses are reported as.
  public var exitStatuses = ExitStatusMap()
  /// What signals are forwarded as.
  public var rewrites = Rewrites()
  /// Whether each adopted orphan that is reaped is logged.
  public var warnsOfReaped = false
  /// How much is logged: 0 errors, 1 what is forwarded and how COMMAND ended, 2 every reap.
  public var verbosity = 0
  /// Whether messages are JSON objects.
  public var logsObjects = false
  /// The file that the summary is written to.
  public var terminationLog: Text?
  /// How often zombies are looked for that swinit can't reap.
  public var zombieCheck = Duration.infinity
  /// There is no COMMAND; swinit lists processes.
  var listsProcesses = false
  /// There is no COMMAND; swinit reaps until a stop signal.
  public var pauses = false

  /// What is the case without any option.
  public init() {}

  /// The signals that may begin shutdown, unless they are ignored: SIGHUP does when the terminal is gone.
  public var shutdownSignals: SignalSet { stopSignals.union(rewrites.rewritten).adding(.hangup) }
}

/// What each exit status is reported as: itself, unless mapped.
public struct ExitStatusMap: Sendable {
  // The distance from each status to its substitute: all zero at first, which costs next to
  // nothing to set up.
  private var distances = InlineArray<256, UInt8>(repeating: 0)

  /// Reports `from` as `to` from now on.
  public mutating func map(_ from: ExitStatus, to substitute: ExitStatus) {
    distances[Int(from.rawValue)] = substitute.rawValue &- from.rawValue
  }

  /// What `status` is reported as.
  public subscript(status: ExitStatus) -> ExitStatus {
    ExitStatus(rawValue: status.rawValue &+ distances[Int(status.rawValue)])
  }
}

/// What each signal is forwarded as: itself, unless rewritten.
public struct Rewrites: Sendable {
  private static let kept: UInt8 = 0
  private static let dropped: UInt8 = 255
  private var substitutes = InlineArray<65, UInt8>(repeating: kept)
  /// The signals that `--rewrite` names.
  private(set) var rewritten = SignalSet.none

  /// Forwards `from` as `to` from now on, or drops it if that is nil.
  public mutating func rewrite(_ from: Signal, to substitute: Signal?) {
    guard from.rawValue >= 0 && from.rawValue <= Signal.last.rawValue else { return }
    rewritten = rewritten.adding(from)
    substitutes[Int(from.rawValue)] =
      substitute.map { UInt8(truncatingIfNeeded: $0.rawValue) } ?? Rewrites.dropped
  }

  /// What `signal` is forwarded as, nil if it is dropped.
  public subscript(signal: Signal) -> Signal? {
    guard signal.rawValue >= 0 && signal.rawValue <= Signal.last.rawValue else { return signal }
    switch substitutes[Int(signal.rawValue)] {
    case Rewrites.kept: return signal
    case Rewrites.dropped: return nil
    case let number: return Signal(rawValue: Int32(number))
    }
  }
}
