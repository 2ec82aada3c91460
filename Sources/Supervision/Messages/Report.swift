/// What swinit reports: an event, and the facts about it. `Report+Message.swift` writes the sentences.
///
/// To add a message, add a case here, its branch there, and a test to MessageTests.
public enum Report: Hashable {
  /// The default action of SIGCHLD cannot be restored, so that the kernel would discard exit
  /// statuses.
  case cannotAwaitChildren(SystemError)
  /// swinit cannot become a subreaper. prctl(2)
  case cannotAdoptOrphans(SystemError)
  /// The signal for the death of swinit's parent cannot be requested. prctl(2)
  case cannotAwaitParent(SystemError)
  /// The termination log at this path cannot be opened.
  case cannotOpenLog(Text, SystemError)
  /// A message was not written to the termination log at this path, or only in part.
  case cannotWriteLog(Text, SystemError)
  /// A process for the command could not be created. fork(2)
  case cannotStart(SystemError)
  /// The command cannot be executed.
  case cannotRun(ExecutionFailure)
  /// `--ps` cannot read all processes, for this reason if an error says it.
  case cannotListProcesses(SystemError?)
  /// What was asked for was not written to standard output, or only in part.
  case cannotPrint(SystemError)
  /// There is no command: `--pause`.
  case pausing
  /// The name of an environment variable misspells one of swinit's.
  case misspelledVariable(Text)
  /// The command runs as this process.
  case started(ProcessID)
  /// A signal that swinit received was forwarded.
  case forwarded(Signal, from: ReceivedSignal.Sender, as: Signal, to: Target)
  /// A signal that swinit received was dropped, as `--rewrite` asks.
  case dropped(Signal, from: ReceivedSignal.Sender)
  /// A stop signal is held back, as `--stop-delay` asks.
  case delayed(Signal, from: ReceivedSignal.Sender, milliseconds: Int64)
  /// A signal could not be forwarded.
  case cannotSend(Signal, to: Target, SystemError)
  /// The command exited, or was killed by a signal.
  case commandTerminated(ProcessID, WaitStatus)
  /// The remaining members of the command's process group were sent a signal.
  case signalledRemainingGroup(Signal, group: ProcessID)
  /// The command terminated, and its remaining descendants were asked to terminate by this signal.
  case askedDescendantsToTerminate(Signal)
  /// The grace period of so many milliseconds has expired, and so many remaining descendants were killed.
  case gracePeriodExpired(milliseconds: Int64, count: Int)
  /// SIGKILL has not ended a descendant, and swinit exits without it.
  case survived(ProcessID)
  /// Descendants cannot be told from other processes, since `/proc` cannot be read.
  case cannotFindDescendants
  /// An adopted orphan was reaped, and `--warn-reaped` asks for its name.
  case reapedOrphan(ProcessID, ProcessName, WaitStatus)
  /// A process other than the command was reaped.
  case reaped(ProcessID, WaitStatus)
  /// A process was killed by a SIGKILL that swinit did not send. It may have been the OOM killer's if that
  /// has killed processes that are not known.
  case killed(ProcessID, ProcessName, unidentifiedKills: Int64)
  /// A process was killed by the OOM killer; the limit and the peak of memory in bytes, if known.
  case outOfMemory(ProcessID, ProcessName, Certainty, limit: Int64?, peak: Int64?)
  /// So many processes were killed by the OOM killer, and are not named.
  case outOfMemoryUnidentified(Int64, Obscurity, limit: Int64?, peak: Int64?)
  /// A fork was refused, since the control group has as many processes as it may have.
  case processLimitReached(ProcessLimit)
  /// Changes of the control group's counts are reported.
  case watching(memory: Bool, processes: Bool)
  /// A process does not reap its children.
  case zombies(Int, parent: ProcessID, ProcessName)
  /// Messages could not be written.
  case messagesDropped(Int)
  /// The command has terminated, and the kernel has no status of it.
  case statusLost
  /// Waiting for signals or children fails, so that swinit cannot go on.
  case cannotSupervise(SystemError)
  /// How the command terminated, and what it used.
  case exitReport(Summary)
  /// The same on standard error, where it is known how the command terminated.
  case summary(Summary)

  /// Where a report is written.
  public enum Destination: Hashable, Sendable {
    /// Standard error, in the format that `--log-format` asks for.
    case standardError
    /// The termination log, as a sentence.
    case terminationLog
  }
}

/// How sure it is which process was killed.
public enum Certainty: Hashable, Sendable {
  /// It was seen to die.
  case observed
  /// It is the only explanation.
  case inferred
}

/// Why a killed process is not named.
public enum Obscurity: Hashable, Sendable {
  /// The OOM killer has killed all processes of a group.
  case killedWithGroup
  /// Its parent has reaped it.
  case reaped
  /// It was not among swinit's descendants, or its parent has reaped it.
  case notFound
}
