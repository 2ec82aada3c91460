/// Sweeps: all children that exited are reaped, and stops of the command are noted.
///
/// A sweep may have no end: processes may exit, or stop and continue, as fast as swinit takes note of it.
/// So it yields after a number of changes, and deadlines and signals have their turn.
struct Reaping {
  private enum State {
    /// No child has changed since the last sweep, as far as is known.
    case idle
    /// A sweep is due, or has taken so many changes in this turn.
    case sweeping(changes: Int)
    /// The sweep has yielded, and the clock is read.
    case yielding
    /// The clock was read. The sweep goes on when nothing else is to be done.
    case yielded
  }

  /// How many changes are taken in a turn.
  var changesPerTurn = 1000
  /// How many turns the last sweep has at once.
  var turnsBeforeExit = 100
  /// How many changes a reading of the memory counts as: it takes about as long.
  private static let changesPerMemoryReading = 20

  /// A sweep is due at first: a program that swinit's image replaced may have left zombies.
  private var state = State.sweeping(changes: 0)
  /// Whether the names of killed children are read in this sweep: SIGCHLD or the sweep has reported one,
  /// and a memory shortage seldom kills only one.
  private var namesKilled = false
  /// Whether the command is continued if it is stopped when the sweep has ended.
  private(set) var resumesIfStopped = false
  /// Whether there may be children: the last sweep has left some.
  private(set) var hasChildren = true

  /// A child may have changed.
  mutating func requestSweep() {
    if case .idle = state { state = .sweeping(changes: 0) }
  }

  /// The command may have to continue: a sweep finds out whether it is stopped.
  mutating func requestSweepAndResume() {
    requestSweep()
    resumesIfStopped = true
  }

  /// swinit exits when a sweep has ended: so this one ends, unless children exit without end.
  mutating func beginLastSweep() {
    changesPerTurn &*= turnsBeforeExit
    state = .sweeping(changes: 0)
  }

  /// A child was killed: the names of others are read from now on.
  mutating func noteKill() { namesKilled = true }

  /// Records changes of children, after which the sweep may yield.
  @inline(never)  // 112 bytes
  mutating func note(changes: Int) {
    var sum = changes
    switch state {
    case .idle, .yielding: return
    case .sweeping(let changesBefore): sum &+= changesBefore
    // It goes on: the others had their turn.
    case .yielded: break
    }
    state = sum >= changesPerTurn ? .yielding : .sweeping(changes: sum)
  }

  /// The memory was read in a sweep.
  mutating func noteMemoryReading() { note(changes: Reaping.changesPerMemoryReading) }

  /// The clock was read after the sweep has yielded. Children were there just now.
  mutating func noteClock() {
    state = .yielded
    hasChildren = true
  }

  /// The sweep has ended.
  mutating func end(hasChildren: Bool) {
    stop()
    namesKilled = false
    resumesIfStopped = false
    self.hasChildren = hasChildren
  }

  /// No child is reaped any more.
  mutating func stop() { state = .idle }

  /// Whether the sweep that is due is to go on before anything else.
  var isUrgent: Bool { if case .sweeping = state { true } else { false } }

  /// Whether the sweep has yielded, and the clock is read.
  var needsClock: Bool { if case .yielding = state { true } else { false } }

  /// Whether a sweep is due or under way.
  var isDue: Bool { if case .idle = state { false } else { true } }

  /// Which children's names are read.
  func names(all: Bool) -> Inspection.Names { all ? .all : namesKilled ? .ofKilled : .none }
}

extension Supervisor {
  /// What is found out about a child when it is reaped. Stops are looked for only where they matter, since
  /// the kernel does so at each child: on a terminal, or when the command was asked to terminate.
  var inspection: Inspection {
    @inline(__always) get {
      Inspection(
        names: reaping.names(all: options.warnsOfReaped), usage: wantsSummary,
        stops: terminal.use != .none || reaping.resumesIfStopped)
    }
  }

  /// Whether a change is the exit of an orphan that is only counted, as for most orphans.
  @inline(__always)
  func isUnreportedOrphan(_ change: ChildChange) -> Bool {
    guard case .exited = change.status.change, change.process != command.group else { return false }
    return options.verbosity < 2 && !options.warnsOfReaped
  }

  @inline(__always)
  mutating func countOrphan() {
    reaping.note(changes: 1)
    reporting.summary.orphans &+= 1
  }

  mutating func record(_ change: ChildChange) {
    reaping.note(changes: 1)
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
      reporting.summary.orphans &+= 1
      if options.warnsOfReaped {
        report(.reapedOrphan(change.process, change.name, change.status))
      } else {
        report(.reaped(change.process, change.status), atVerbosity: 2)
      }
      return
    }
    recordExit(change, options.exitStatuses[exitStatus])
  }

  mutating func recordSweep(_ hasChildren: Bool) {
    if reaping.resumesIfStopped { resume() }
    reaping.end(hasChildren: hasChildren)
    retryLending()
    if !hasChildren {
      remaining.stop()
      if command.isAlive { giveUp(.statusLost) }
    } else {
      signalRemainingDescendants()
    }
  }
}
