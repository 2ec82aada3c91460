/// The number of a signal. Any number can be held, so that a real-time signal, or one that a later
/// kernel adds, passes through like the others.
public struct Signal: RawRepresentable, Hashable, Sendable {
  /// The number, as the kernel counts.
  public let rawValue: Int32
  /// A signal from its number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The first signal. The corresponding C constant is `SIGHUP`.
  public static let hangup = Signal(rawValue: 1)
  /// ^C on a terminal. The corresponding C constant is `SIGINT`.
  public static let interrupt = Signal(rawValue: 2)
  /// ^\ on a terminal. The corresponding C constant is `SIGQUIT`.
  public static let quit = Signal(rawValue: 3)
  /// Kills a process; it cannot be caught or ignored. The corresponding C constant is `SIGKILL`.
  public static let kill = Signal(rawValue: 9)
  /// A write to a pipe without readers. The corresponding C constant is `SIGPIPE`.
  public static let brokenPipe = Signal(rawValue: 13)
  /// The request to terminate. The corresponding C constant is `SIGTERM`.
  public static let terminate = Signal(rawValue: 15)
  /// A child exited, stopped or continued. The corresponding C constant is `SIGCHLD`.
  public static let childChanged = Signal(rawValue: 17)
  /// Continues a stopped process. The corresponding C constant is `SIGCONT`.
  public static let `continue` = Signal(rawValue: 18)
  /// Stops a process; it cannot be caught or ignored. The corresponding C constant is `SIGSTOP`.
  public static let stop = Signal(rawValue: 19)
  /// ^Z on a terminal. The corresponding C constant is `SIGTSTP`.
  public static let terminalStop = Signal(rawValue: 20)
  /// A read from a terminal in the background. The corresponding C constant is `SIGTTIN`.
  public static let terminalInput = Signal(rawValue: 21)
  /// A write to a terminal in the background. The corresponding C constant is `SIGTTOU`.
  public static let terminalOutput = Signal(rawValue: 22)

  /// A write beyond the limit for a file's size. The corresponding C constant is `SIGXFSZ`.
  public static let fileSizeExceeded = Signal(rawValue: 25)
  /// The size of the terminal has changed. The corresponding C constant is `SIGWINCH`.
  public static let windowChanged = Signal(rawValue: 28)

  /// The last signal. The corresponding C constant is `SIGRTMAX`.
  public static let last = Signal(rawValue: 64)
  /// The first real-time signal as engines and service managers count, whatever the C library
  /// keeps for itself (musl's own `SIGRTMIN` is 35).
  public static let realTimeMinimum = Signal(rawValue: 34)
  /// Whether the kernel queues it, instead of merging it with one that is pending: 32 to 64.
  var isRealTime: Bool { rawValue >= 32 }

  /// Whether its default action is to stop a process.
  var stops: Bool { rawValue >= 19 && rawValue <= 22 }

  /// Whether a process can be sent it and swinit can take it: not `SIGKILL`, `SIGSTOP`, which act
  /// by themselves, nor `SIGCHLD`, which is swinit's own.
  public var canBeForwarded: Bool {
    self != .kill && self != .stop && self != .childChanged
  }

  /// The names of signals 1 to 31, as in signal(7): one string takes less room than one each.
  private static var shortNames: Text {
    """
    HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP \
    TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS
    """
  }

  /// The name without `SIG` of one that isn't a real-time signal, or nil.
  var shortName: Text? {
    guard rawValue >= 1 && rawValue <= 31 else { return nil }
    return Signal.shortNames.word(Int(rawValue) - 1)
  }

  /// Reads a signal's name, with or without `SIG` and in any case, or its number from 1 to 64.
  @inline(never)  // 544 bytes
  public init?(_ text: Text) {
    if let number = text.number(upTo: Int64(Signal.last.rawValue)) {
      guard number > 0 else { return nil }
      self.init(rawValue: Int32(truncatingIfNeeded: number))
      return
    }
    let name = text.withoutSIG
    if let index = name.indexCaseInsensitively(among: Signal.shortNames) {
      self.init(rawValue: Int32(truncatingIfNeeded: index) &+ 1)
      return
    }
    guard let signal = Signal(alias: name) ?? Signal(realTime: name) else { return nil }
    self = signal
  }

  /// The second names in signal(7), and those that they stand for.
  private init?(alias name: Text) {
    if name.isCaseInsensitively("CLD") {
      self = .childChanged
    } else if name.isCaseInsensitively("IOT") {
      self.init(rawValue: 6)
    } else if name.isCaseInsensitively("POLL") {
      self.init(rawValue: 29)
    } else {
      return nil
    }
  }

  /// `RTMIN`, `RTMIN+n`, `RTMAX` and `RTMAX-n`.
  private init?(realTime name: Text) {
    let base = name.prefix(5)
    let span = Int64(Signal.last.rawValue - Signal.realTimeMinimum.rawValue)
    var offset: Int64 = 0
    if name.count > base.count {
      guard let number = name.dropFirst(6).number(upTo: span) else { return nil }
      offset = number
    }
    let sign = name[5]
    let distance = Int32(truncatingIfNeeded: offset)
    if base.isCaseInsensitively("RTMIN"), sign == 0 || sign == .ascii("+") {
      self.init(rawValue: Signal.realTimeMinimum.rawValue &+ distance)
    } else if base.isCaseInsensitively("RTMAX"), sign == 0 || sign == .ascii("-") {
      self.init(rawValue: Signal.last.rawValue &- distance)
    } else {
      return nil
    }
  }
}

extension Text {
  /// The name of a signal without `SIG`.
  var withoutSIG: Text {
    prefix(3).isCaseInsensitively("SIG") ? dropFirst(3) : self
  }
}

/// A set of signals, one bit each, as the kernel keeps it (the lowest bit is signal 1).
public struct SignalSet: RawRepresentable, Hashable, Sendable {
  /// The kernel's bits.
  public let rawValue: UInt64
  /// A set from the kernel's bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// All 64, those that the C libraries keep for themselves included.
  public static let all = SignalSet(rawValue: ~0)

  /// The stop signals that can be blocked: TSTP, TTIN, TTOU.
  public static let stops = SignalSet(rawValue: 7 << 19)

  /// The signals that the kernel sends to a background process group that uses the terminal.
  public static let backgroundAccess = SignalSet(rawValue: 3 << 20)

  /// No signal.
  public static let none = SignalSet(rawValue: 0)

  /// The set of one signal, from 1 to 64.
  public init(_ signal: Signal) {
    self.init(rawValue: 1 &<< UInt64(truncatingIfNeeded: signal.rawValue &- 1))
  }

  /// Whether a signal is in the set.
  public func contains(_ signal: Signal) -> Bool { rawValue & SignalSet(signal).rawValue != 0 }

  /// The same set with another signal.
  func adding(_ signal: Signal) -> SignalSet {
    SignalSet(rawValue: rawValue | SignalSet(signal).rawValue)
  }

  /// The signals of both sets.
  func union(_ other: SignalSet) -> SignalSet { SignalSet(rawValue: rawValue | other.rawValue) }

  /// The same set without one signal.
  func removing(_ signal: Signal) -> SignalSet {
    SignalSet(rawValue: rawValue & ~SignalSet(signal).rawValue)
  }

  /// How many real-time signals there are.
  static let realTimeCount = 33
  /// The same set without the real-time signals.
  func removingRealTime() -> SignalSet { SignalSet(rawValue: rawValue & 0x7fff_ffff) }
}
