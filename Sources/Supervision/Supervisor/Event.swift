/// What happened: the outcome of the last action.
public enum Event: Sendable {
  /// The command was spawned.
  case started(ProcessID, terminal: TerminalAccess)
  /// There is no COMMAND to spawn: `--pause`.
  case paused
  /// A wait ended with a signal.
  case received(ReceivedSignal)
  /// A wait ended because its deadline has passed.
  case deadlinePassed(now: Instant)
  /// No signal has come in time, or none of those that were looked for is pending.
  case noSignal
  /// The clock was read.
  case clock(now: Instant)
  /// A sweep found that a child changed.
  case changed(ChildChange)
  /// A sweep found no more changes among the children that are left, if there are any.
  case swept(hasChildren: Bool)
  /// A signal was sent, or could not be; `at` is the tick just before, if it matters.
  case sent(SystemError?, at: Tick? = nil)
  /// The descendants were signalled; or, where they cannot be told from other processes, those that
  /// are known. A signal for a process group has found descendants if it has found any there.
  case signalledDescendants(found: Bool)
  /// So many descendants were killed, or more if they cannot be found. The event loop keeps their names
  /// for the report: they would make each event larger.
  case killedDescendants(count: Int, found: Bool)
  /// A descendant was found that has not exited, or none. The event loop keeps what is known of it.
  case survivor(ProcessID?)
  /// The command's group is the foreground of the terminal now; or not, since the foreground is
  /// another group's.
  case lentTerminal(Bool)
  /// An attempt was made to make swinit's own group the foreground.
  case reclaimedTerminal(ReclaimOutcome)
  /// The members of swinit's own group were continued.
  case continuedOwnGroup
  /// A stop was examined: whether the command sent itself the signal.
  case examinedStop(hasStoppedItself: Bool)
  /// swinit has continued after it stopped, or the kernel did not let it stop.
  case resumed
  /// swinit could not stop, and the command must not continue all the same: it would stop again at
  /// once.
  case couldNotStop
  /// The memory of swinit's control group was read, or couldn't be.
  case memory(MemoryReading?)
  /// The counts of swinit's control group were read, or can't be watched.
  case cgroup(CgroupEvents?)
  /// The largest processes were remembered; all had so many pages of memory. The look took so much processor
  /// time, and ended at this moment.
  case remembered(pages: Int64, nanoseconds: Int64, now: Instant)
  /// A look at all processes has found so many victims of the OOM killer; as for `remembered`.
  case foundVictims(OOMVictims, nanoseconds: Int64, now: Instant)
  /// The next victim was taken.
  case victim(OOMVictim?)
  /// The control group has as many processes as it may have; nil if it has not.
  case processLimit(ProcessLimit?)
  /// The next process that has zombie children was found; nil if there is none.
  case zombies(ZombieCount?)
  /// The name of a process was read; it is empty if it could not be.
  case name(ProcessName)
  /// A report was written, or dropped.
  case reported
  /// Waiting for signals or for children fails, so that nothing can be supervised any more.
  case broken(SystemError)
}

/// Whether there is a controlling terminal, and the command has it, once the command was spawned.
public enum TerminalAccess: Hashable, Sendable {
  /// There is no controlling terminal, and there will be none.
  case none
  /// There is one; the command's process group is not its foreground.
  case background
  /// The command's process group is its foreground.
  case foreground
}

/// What came of an attempt to take the terminal back.
public enum ReclaimOutcome: Hashable, Sendable {
  /// The command's group was the foreground, and swinit's own is now.
  case reclaimedFromCommand
  /// The foreground was a group without processes, and swinit's own is now.
  case reclaimedFromEmptyGroup
  /// swinit's own group was the foreground.
  case alreadyOwn
  /// The command's group is the foreground. swinit's own has no number in its PID namespace.
  case leftToCommand
  /// Another group is the foreground, whoever's.
  case leftToOtherGroup
}

/// A child that exited, and is reaped now, or that stopped or continued.
public struct ChildChange: Sendable {
  /// The child.
  public var process: ProcessID
  /// Its wait status.
  public var status: WaitStatus
  /// Its name; empty unless it was asked for, or if it couldn't be read.
  public var name: ProcessName
  /// What it used, if that was asked for.
  public var usage: Summary.Usage

  /// A child that changed.
  public init(
    _ process: ProcessID, _ status: WaitStatus, name: ProcessName = ProcessName(),
    usage: Summary.Usage = Summary.Usage()
  ) {
    self.process = process
    self.status = status
    self.name = name
    self.usage = usage
  }
}
