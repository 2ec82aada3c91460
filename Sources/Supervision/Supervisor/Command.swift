/// What is known of the command.
enum Command {
  /// It is not spawned yet; or there is none: `--pause`.
  case none
  /// It runs; or it has exited and is not reaped yet, so that its number is still its own.
  case running(ProcessID)
  /// The same, but that a signal has stopped it.
  case stopped(ProcessID)
  /// It was reaped, and this exit status is reported. Other processes may remain in its process group;
  /// nil when the group's number is known to be used again.
  case exited(ExitStatus, group: ProcessID?)

  /// Its process group, which has its number; nil if there is none, or none any more. (Inlined, it would
  /// take 128 bytes more.)
  var group: ProcessID? {
    @inline(never) get {
      switch self {
      case .none: nil
      case .running(let process), .stopped(let process): process
      case .exited(_, let group): group
      }
    }
  }

  /// Whether this process is the command, and not one that was given its number later.
  func isProcess(_ process: ProcessID) -> Bool {
    switch self {
    case .running(let command), .stopped(let command): process == command
    case .none, .exited: false
    }
  }

  /// Whether it was spawned and is not reaped.
  var isAlive: Bool {
    switch self {
    case .running, .stopped: true
    case .none, .exited: false
    }
  }

  var isStopped: Bool { if case .stopped = self { true } else { false } }

  var hasExited: Bool { if case .exited = self { true } else { false } }

  /// Takes note that another process was reaped, which may have had the number of the group.
  @inline(never)  // 288 bytes
  mutating func noteOther(_ process: ProcessID) {
    if case .exited(let status, let group?) = self, group == process {
      self = .exited(status, group: nil)
    }
  }
}

extension Supervisor {
  @inline(__always)
  mutating func recordStart(of process: ProcessID, _ terminal: TerminalAccess) {
    command = .running(process)
    self.terminal = TerminalControl(terminal)
    reporting.summary.process = process
    report(.started(process), atVerbosity: 1)
  }

  /// The command stopped or continued.
  mutating func recordStopOrContinuation(of process: ProcessID, _ status: WaitStatus) {
    guard case .stopped(let signal) = status.change else {
      command = .running(process)
      terminal.noteContinued()
      return
    }
    command = .stopped(process)
    if !reaping.resumesIfStopped { recordStop(by: signal) }
  }

  /// The command exited, or was killed by a signal.
  mutating func recordExit(_ change: ChildChange, _ status: ExitStatus) {
    command = .exited(status, group: change.process)
    reporting.summary.status = change.status
    reporting.summary.usage = change.usage
    report(.commandTerminated(change.process, change.status), atVerbosity: 1)
    recordDeath(change.status.change)
    if options.waits {
      releaseDelayed()
    } else {
      shutdown.begin(options.killAfter)
      if !awaitsDescendants { reaping.beginLastSweep() }
    }
  }
}
