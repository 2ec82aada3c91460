// What is done when a child ended, stopped or continued.

extension Supervisor {
  mutating func recordStart(of process: ProcessID, _ terminal: TerminalAccess) {
    command = process
    life = .running
    self.terminal = TerminalControl(terminal)
    summary.process = process
    say(.started(process), from: 1)
  }

  /// Whether a process is COMMAND, and not one that was given its number later.
  func isCommand(_ process: ProcessID) -> Bool {
    process == command && (life == .running || life == .stopped)
  }

  /// What is found out about a child when it is reaped. Without a terminal to control jobs on, stops
  /// matter only when the command was asked to stop: the kernel has to look for them at each child.
  ///
  /// (Mutating, like what else is called for each event: the compiler would copy the whole supervisor
  /// for it otherwise, 1.5 kB.)
  var inspection: Inspection {
    mutating get {
      Inspection(
        names: options.warnsOfReaped ? .all : namesKilled ? .ofKilled : .none,
        usage: wantsSummary, stops: terminal.use != .none || resumesIfStopped)
    }
  }

  /// Counts an orphan that ended by itself, if nothing is to be said of it and the sweep goes on, as
  /// for most of them: all that comes before the sweep was done when it began.
  @inline(__always)
  mutating func countsQuietly(_ change: ChildChange) -> Bool {
    guard case .exited = change.status.change, change.process != command, isQuiet,
      reaps &+ 1 < reapsAtATime
    else { return false }
    reaps &+= 1
    summary.orphans &+= 1
    return true
  }

  /// Whether nothing is said of orphans that exit.
  private var isQuiet: Bool { options.verbosity < 2 && !options.warnsOfReaped }

  mutating func record(_ change: ChildChange) {
    reaps &+= 1
    guard let exitStatus = change.status.exitStatus else {
      if isCommand(change.process) { recordPause(change.status) }
      return
    }
    recordKill(change)
    guard isCommand(change.process) else {
      // COMMAND's number was another's; so is that of its group.
      if change.process == command { command = nil }
      summary.orphans &+= 1
      if options.warnsOfReaped {
        say(.reapedOrphan(change.process, change.name, change.status))
      } else {
        say(.reaped(change.process, change.status), from: 2)
      }
      return
    }
    recordEnd(change, options.exitStatuses[exitStatus])
  }

  /// COMMAND stopped or continued.
  private mutating func recordPause(_ status: WaitStatus) {
    life = .running
    guard case .stopped(let signal) = status.change else {
      terminal.noteContinued()
      return
    }
    life = .stopped
    if !resumesIfStopped { recordStop(by: signal) }
  }

  /// COMMAND ended.
  private mutating func recordEnd(_ change: ChildChange, _ status: ExitStatus) {
    life = .ended
    self.status = status
    if exitStatus != nil { exitStatus = status }
    summary.status = change.status
    summary.usage = change.usage
    say(.commandTerminated(change.process, change.status), from: 1)
    recordDeath(change.status.change)
    beginEnd()
  }

  /// Whether this sweep has taken so many changes that the deadline and signals have their turn.
  var turnIsOver: Bool { reaps >= reapsAtATime }

  mutating func beginTurn() {
    reaps = 0
    hasReadClockInTurn = false
  }

  mutating func recordSweep(_ hasChildren: Bool) {
    sweepIsDue = false
    beginTurn()
    namesKilled = false
    if resumesIfStopped { resume() }
    resumesIfStopped = false
    retryLending()
    self.hasChildren = hasChildren
    if !hasChildren {
      descendantSignal = nil
      if life == .running || life == .stopped { giveUp(.statusLost) }
    } else {
      attendToRemainder()
    }
  }
}
