/// What to do next. Each action has one outcome, the next event.
public enum Action: Hashable {
  /// Wait for a signal, or for a change of the counts that are watched, at most until a moment:
  /// `received`, `cgroup` or `deadlinePassed`.
  case wait(until: Instant?)
  /// Wait for a signal, for so long at most: `received` or `noSignal`.
  case waitBriefly(milliseconds: Int)
  /// Take one of these signals if any is pending, without waiting: `received` or `noSignal`.
  case takePending(SignalSet)
  /// Read the clock: `clock`.
  case readClock
  /// Reap one child that exited, or take note of one that stopped or continued: `changed` or `swept`.
  case reap(Inspection)
  /// Read the memory of swinit's control group, the limit and the peak too if asked for: `memory`.
  case readMemory(details: Bool)
  /// Read the counts of swinit's control group that are watched, and begin to watch them: `cgroup`.
  case readCgroup
  /// Look at all processes that the OOM killer may kill, or has killed: `remembered` or `foundVictims`.
  case lookForVictims(OOMCandidates.Purpose)
  /// Take the next victim that was found: `victim`.
  case takeVictim(OOMCandidates.Kind)
  /// Find out whether the control group has as many processes as it may have, and why: `processLimit`.
  case examineProcesses
  /// Count the zombie children of other processes, and find the first process that has any: `zombies`.
  case countZombies
  /// Find the next process that has zombie children: `zombies`.
  case takeZombies
  /// Read the name of a process: `name`.
  case readName(ProcessID)
  /// Send a signal: `sent`.
  case send(Signal, to: Target)
  /// Signal descendants: `signalledDescendants`, or `killedDescendants` if the killed are named.
  case signalDescendants(DescendantSignal)
  /// Find the next descendant that has not exited; after no process, the first: `survivor`.
  case findSurvivor(after: ProcessID)
  /// Make the command's group the foreground of the terminal if swinit's own is, or none:
  /// `lentTerminal`.
  case lendTerminal(to: ProcessID)
  /// Make swinit's own group the foreground of the terminal if the command's is, or none; for a
  /// process that asks for it, only if that is in swinit's group: `reclaimedTerminal`.
  case reclaimTerminal(from: ProcessID, requestedBy: ProcessID?)
  /// Continue all members of swinit's own group: `continuedOwnGroup`.
  case continueOwnGroup
  /// Find out whether a stopped process has stopped itself: `examinedStop`.
  case examineStop(of: ProcessID)
  /// Stop by a signal, alone or with all members of swinit's own group: `resumed` or `couldNotStop`.
  case stop(Signal, wholeGroup: Bool)
  /// Write a report: `reported`.
  case report(Report, to: Report.Destination)
  /// Exit with this status; no event follows.
  case exit(ExitStatus)
  /// Die of a signal without a core, alone or with all members of swinit's own group; no event
  /// follows.
  case die(of: Signal, wholeGroup: Bool)
}

/// What is found out about a child that changed. Names cost a look at the child before it is reaped.
public struct Inspection: Hashable, Sendable {
  /// Which children's names are read.
  public var names: Names
  /// Whether the resources that the child used are read.
  public var usage: Bool
  /// Whether children that stopped or continued count as changed.
  public var stops: Bool

  /// Which children's names are read.
  public enum Names: Hashable, Sendable {
    /// No child's: there is no look.
    case none
    /// Those of children that SIGKILL killed.
    case ofKilled
    /// All children's.
    case all
  }

  /// What is found out.
  public init(names: Names = .none, usage: Bool = false, stops: Bool = false) {
    self.names = names
    self.usage = usage
    self.stops = stops
  }
}

/// Where a signal is sent.
public enum Target: Hashable, Sendable {
  /// One process.
  case process(ProcessID)
  /// All members of the process group with this number.
  case group(ProcessID)
}

/// A signal for descendants, each of which receives it once. `group` is the command's process group,
/// if there is a command.
public enum DescendantSignal: Hashable, Sendable {
  /// A request to terminate, except for members of the group that have had it: those that had started
  /// before the tick in which the group was sent it. Then SIGCONT, so that a stopped process can act
  /// on it.
  case terminate(Signal, group: ProcessID?, sentBefore: Tick?)
  /// A signal for the members of the group, whose leader was reaped.
  case forward(Signal, group: ProcessID)
  /// SIGKILL, until no new descendants appear. The first time, those that are killed are named.
  case kill(group: ProcessID?, names: Bool = false)
}
