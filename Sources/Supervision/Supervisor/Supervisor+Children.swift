// What is done when a child ended, stopped or continued.

extension Supervisor {
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
    guard case .exited = change.status.change, change.process != command.group, isQuiet,
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
    let isCommand = command.isProcess(change.process)
    guard let exitStatus = change.status.exitStatus else {
      if isCommand {
        recordStopOrContinuation(of: change.process, change.status)
      }
      return
    }
    recordKill(change, isCommand: isCommand)
    guard isCommand else {
      command.noteOther(change.process)
      summary.orphans &+= 1
      if options.warnsOfReaped {
        report(.reapedOrphan(change.process, change.name, change.status))
      } else {
        report(.reaped(change.process, change.status), atVerbosity: 2)
      }
      return
    }
    recordExit(change, options.exitStatuses[exitStatus])
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
      remainder.next = nil
      if command.isAlive { giveUp(.statusLost) }
    } else {
      signalRemainder()
    }
  }
}
