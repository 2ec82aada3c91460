import CLinux
import Supervision

/// The signals that this process blocks, takes and sends.
enum Signals {
  /// Blocks all 64 signals; gives those that were blocked before, or the error. rt_sigprocmask(2)
  static func blockAll() -> Result<SignalSet, SystemError> {
    var inherited: UInt64 = 0
    if let error = setMask(.all, &inherited) { return .failure(error) }
    return .success(SignalSet(rawValue: inherited))
  }

  /// Blocks these signals and no others; gives the error if it can't. rt_sigprocmask(2)
  static func block(only signals: SignalSet) -> SystemError? {
    var before: UInt64 = 0
    return setMask(signals, &before)
  }

  private static func setMask(_ blocked: SignalSet, _ before: inout UInt64) -> SystemError? {
    unsafe SystemError(of: clinux_set_mask(blocked.rawValue, &before))
  }

  /// Gives a signal its default disposition. sigaction(2)
  static func setDefault(_ signal: Signal) -> SystemError? {
    SystemError(of: clinux_set_default_action(signal.rawValue))
  }

  /// Waits for any signal, and takes it; at most until the deadline. sigtimedwait(2)
  ///
  /// A wait that is interrupted, as by a stop of swinit itself, goes on. The deadline comes first:
  /// a storm of signals can't keep it from passing.
  @inline(__always)  // 128 bytes
  static func wait(
    until deadline: Instant?, _ watch: inout CgroupWatch, _ cgroup: borrowing Cgroup,
    asking stops: SignalSet
  ) -> Event {
    while true {
      var rest: timespec?
      if let deadline {
        let now = Clock.now
        if now >= deadline { return .deadlinePassed(now: now) }
        rest = Clock.span(from: now, to: deadline)
      }
      var isOver = true
      if watch.isOn {
        switch watch.wait(within: rest) {
        case .change: return .cgroup(watch.read(cgroup))
        case .failure:
          watch.end()
          continue
        case .timeout: break
        case .signal: isOver = false
        }
        rest = timespec()
      }
      switch take(.all, within: rest, asking: stops) {
      case .success(let received): return .received(received)
      case .failure(.tryAgain):
        // The clock may not be readable; that the time is over is sure all the same.
        if isOver, let deadline { return .deadlinePassed(now: max(Clock.now, deadline)) }
      case .failure(.interrupted): break
      case .failure(let error): return .broken(error)
      }
    }
  }

  /// Waits for any signal, and takes it; for less than a second. sigtimedwait(2)
  static func waitBriefly(_ milliseconds: Int, asking stops: SignalSet) -> Event {
    let moment = timespec(tv_sec: 0, tv_nsec: milliseconds &* 1_000_000)
    guard case .success(let received) = take(.all, within: moment, asking: stops)
    else { return .noSignal }
    return .received(received)
  }

  /// Takes a pending signal, nil if none is. sigtimedwait(2)
  static func takePending(
    _ signals: SignalSet, asking stops: SignalSet = .none
  ) -> ReceivedSignal? {
    while true {
      switch take(signals, within: timespec(), asking: stops) {
      case .success(let taken): return taken
      case .failure(.interrupted): break
      case .failure: return nil
      }
    }
  }

  /// Discards the signal that a write raised with this error, if any: it must not be forwarded. One that
  /// another process sent stays pending. pipe(7), setrlimit(2)
  static func discardSignal(of error: SystemError) {
    let signal: Signal
    switch error {
    case .brokenPipe: signal = .brokenPipe
    case .fileTooLarge: signal = .fileSizeExceeded
    default: return
    }
    let me = ProcessID(rawValue: getpid())
    if let taken = takePending(SignalSet(signal)), taken.sender != .process(me) {
      _ = send(signal, to: .process(me))
    }
  }

  /// Lets a signal act on this process as it does by default, and returns if the process still runs.
  static func takeDefaultAction(_ signal: Signal) {
    _ = block(only: SignalSet(rawValue: ~SignalSet(signal).rawValue))
    // What could be done once can be done again; without it, signals would be lost.
    while block(only: .all) != nil {}
  }

  /// Whether any of these signals is pending. sigpending(2)
  static func isPending(_ signals: SignalSet) -> Bool {
    clinux_pending_signals() & signals.rawValue != 0
  }

  /// Dies of a signal, alone or with all of this process's group. It does nothing where the signal
  /// cannot kill this process.
  static func die(of signal: Signal, wholeGroup: Bool) {
    clinux_disable_core_dumps()
    _ = setDefault(signal)
    _ = clinux_kill(wholeGroup ? 0 : getpid(), signal.rawValue)
    takeDefaultAction(signal)
  }

  @inline(never)  // 80 bytes
  private static func take(
    _ signals: SignalSet, within timeout: timespec?, asking stops: SignalSet
  ) -> Result<ReceivedSignal, SystemError> {
    var taken = clinux_signal()
    var span = timeout ?? timespec()
    let result = unsafe withUnsafePointer(to: &span) { span in
      unsafe clinux_sigwait(signals.rawValue, &taken, timeout == nil ? nil : span)
    }
    if let error = SystemError(of: result) { return .failure(error) }
    let signal = Signal(rawValue: taken.number)
    return .success(
      ReceivedSignal(
        signal,
        from: ReceivedSignal.Sender(
          code: taken.code, process: ProcessID(rawValue: taken.sender)),
        reportsKill: unsafe clinux_reports_kill(&taken) != 0,
        isIgnored: stops.contains(signal) && clinux_is_ignored(taken.number) != 0))
  }

  /// Sends a signal. kill(2)
  static func send(_ signal: Signal, to target: Target) -> SystemError? {
    switch target {
    case .process(let process): SystemError(of: clinux_kill(process.rawValue, signal.rawValue))
    case .group(let leader): SystemError(of: clinux_kill(leader.asGroup, signal.rawValue))
    }
  }

  /// Asks for a signal when the parent dies; as if it had just died, if it is gone already.
  /// PR_SET_PDEATHSIG(2const)
  static func setParentDeathSignal(_ signal: Signal) -> SystemError? {
    let parent = getppid()
    if let error = SystemError(of: clinux_set_parent_death_signal(signal.rawValue)) {
      return error
    }
    guard getppid() != parent || isAdopted(by: parent) else { return nil }
    return send(signal, to: .process(ProcessID(rawValue: getpid())))
  }

  /// Whether the parent isn't the one that swinit was born to. A child is born into its parent's
  /// session and leaves it for one of its own only; so a parent elsewhere is a later one.
  private static func isAdopted(by parent: pid_t) -> Bool {
    guard parent != 0 else { return false }
    let (session, other) = (getsid(0), getsid(parent))
    return session > 0 && other > 0 && session != getpid() && session != other
  }
}
