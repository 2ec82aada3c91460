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
  case settled
  /// The clock was read.
  case clock(now: Instant)
  /// A sweep found that a child changed.
  case changed(Change)
  /// A sweep found no more changes among the children that are left, if there are any.
  case swept(hasChildren: Bool)
  /// A signal was sent, or couldn't be.
  case sent(SystemError?)
  /// An errand was run among the descendants, or, where they can't be told from others, among
  /// those that are known. One that is for a group has found descendants if it has found any there.
  case ran(foundDescendants: Bool)
  /// The command's group is the foreground of the terminal now; or not, since the foreground is
  /// another group's.
  case lentTerminal(Bool)
  /// An attempt was made to make swinit's own group the foreground.
  case tookTerminalBack(TakeBackOutcome)
  /// The members of swinit's own group were continued.
  case continuedOwnGroup
  /// A stop was examined: whether the command sent itself the signal.
  case examinedStop(hasStoppedItself: Bool)
  /// swinit has continued after it stopped, or the kernel did not let it stop.
  case resumed
  /// swinit could not stop, and the command must not continue all the same: it would stop again at
  /// once.
  case leftStopped
  /// The memory of swinit's control group was read, or couldn't be.
  case memory(MemoryReading?)
  /// The zombies were counted that a process leaves, nil if no other process leaves any.
  case zombies(ZombieCount?)
  /// The name of a process was read; it is empty if it couldn't be.
  case name(ProcessName)
  /// A report was written, or dropped.
  case reported
  /// Waiting for signals or for children fails, so that nothing can be supervised any more.
  case broken(SystemError)
}

/// A child that ended, and is reaped now, or that stopped or continued.
public struct Change: Sendable {
  /// Which one.
  public var process: ProcessID
  /// What became of it.
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

/// A signal that swinit took, and who sent it.
public struct ReceivedSignal: Hashable, Sendable {
  /// Which one.
  public let signal: Signal
  /// Where it is from.
  public let sender: Sender
  /// Whether it is a SIGCHLD that reports a child killed by SIGKILL. Several pending SIGCHLD become
  /// one, so nothing is known about other children.
  public let reportsKill: Bool

  /// Where a signal is from.
  public enum Sender: Hashable, Sendable {
    /// A process of swinit's own PID namespace.
    case process(ProcessID)
    /// A process outside swinit's PID namespace, such as an engine's.
    case outside
    /// The kernel: a terminal's keys, a timer.
    case kernel
    /// Nobody knows: the code is one that a process may give to a signal that it sends, with any
    /// sender. rt_sigqueueinfo(2), fcntl(2) F_SETSIG
    case unknown

    /// The sender by a signal's `si_code` and `si_pid`; see sigaction(2). The kernel sets these three
    /// codes itself, and lets no process give them to a signal for another process.
    public init(code: Int32, process: ProcessID) {
      switch code {
      case Sender.user, Sender.thread: self = process == .nobody ? .outside : .process(process)
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

  /// A signal and who sent it.
  public init(_ signal: Signal, from sender: Sender) {
    self.init(signal, from: sender, reportsKill: false)
  }

  /// A signal, who sent it, and whether it reports a killed child.
  public init(_ signal: Signal, from sender: Sender, reportsKill: Bool) {
    self.signal = signal
    self.sender = sender
    self.reportsKill = reportsKill
  }
}

/// What to do next. Each action has one outcome, the next event.
public enum Action: Hashable {
  /// Wait for a signal, at most until a moment: `received` or `deadlinePassed`.
  case wait(until: Instant?)
  /// Wait for a signal, for so long at most: `received` or `settled`.
  case settle(milliseconds: Int)
  /// Take one of these signals if any is pending, without waiting: `received` or `settled`.
  case takePending(SignalSet)
  /// Read the clock: `clock`.
  case readClock
  /// Reap one child that ended, or take note of one that stopped or continued: `changed` or `swept`.
  case reap(Inspection)
  /// Read the memory of swinit's control group, the limit and the peak too if asked for: `memory`.
  case readMemory(details: Bool)
  /// Count the zombies that other processes leave, and take the first of them: `zombies`.
  case countZombies
  /// Take the next process that leaves zombies: `zombies`.
  case takeZombies
  /// Read the name of a process: `name`.
  case readName(ProcessID)
  /// Send a signal: `sent`.
  case send(Signal, to: Target)
  /// Go through the descendants: `ran`.
  case run(Errand)
  /// Make the command's group the foreground of the terminal if swinit's own is, or none:
  /// `lentTerminal`.
  case lendTerminal(to: ProcessID)
  /// Make swinit's own group the foreground of the terminal if the command's is, or none; for a
  /// process that asks for it, only if that is in swinit's group: `tookTerminalBack`.
  case takeTerminalBack(from: ProcessID, askedBy: ProcessID?)
  /// Continue all members of swinit's own group: `continuedOwnGroup`.
  case continueOwnGroup
  /// Find out whether a stopped process has stopped itself: `examinedStop`.
  case examineStop(of: ProcessID)
  /// Stop by a signal, alone or with all members of swinit's own group: `resumed` or `leftStopped`.
  case stop(Signal, wholeGroup: Bool)
  /// Write a report: `reported`.
  case report(Report, to: Report.Destination)
  /// Leave with this status; no event follows.
  case exit(ExitStatus)
  /// Die of a signal without a core, alone or with all members of swinit's own group; no event
  /// follows.
  case die(of: Signal, wholeGroup: Bool)
}

/// What came of an attempt to take the terminal back.
public enum TakeBackOutcome: Hashable, Sendable {
  /// The command's group was the foreground, and swinit's own is now.
  case takenFromCommand
  /// The foreground was a group without processes, and swinit's own is now.
  case takenFromNobody
  /// swinit's own group was the foreground.
  case alreadyOwn
  /// The command's group is the foreground. swinit's own has no number in its PID namespace.
  case leftToCommand
  /// Another group is the foreground, whoever's.
  case leftToOthers
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

/// What the controlling terminal has to do with the command, once it was spawned.
public enum TerminalAccess: Hashable, Sendable {
  /// There is no controlling terminal, and there will be none.
  case none
  /// There is one; the command's process group is not its foreground.
  case background
  /// The command's process group is its foreground.
  case foreground
}

/// Who is sent a signal.
public enum Target: Hashable, Sendable {
  /// One process.
  case process(ProcessID)
  /// All members of the process group with this number.
  case group(ProcessID)
}

/// What is done to the descendants, each process once. `group` is COMMAND's, if there is one.
public enum Errand: Hashable, Sendable {
  /// All get TERM, but for those in the group if it was told before; and all get CONT, so that one
  /// that is stopped can act on its TERM.
  case terminate(group: ProcessID?, groupWasTold: Bool)
  /// Those in the group, whose leader is gone, get a signal.
  case forward(Signal, group: ProcessID)
  /// All get KILL, until no new ones appear.
  case kill(group: ProcessID?)
}
