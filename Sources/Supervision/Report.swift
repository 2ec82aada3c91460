/// Something that swinit says on standard error; `write(to:command:)` has the words.
public enum Report {
  /// Something that is needed before COMMAND runs fails.
  case cannotPrepare(Preparation, SystemError)
  /// COMMAND doesn't run.
  case cannotRun(ExecutionFailure)
  /// COMMAND runs as this process.
  case started(ProcessID)
  /// A signal was passed on.
  case forwarded(ReceivedSignal, as: Signal, to: Target)
  /// A signal was not passed on, as was asked for.
  case dropped(ReceivedSignal)
  /// A signal couldn't be passed on.
  case cannotSend(Signal, to: Target, SystemError)
  /// COMMAND ended.
  case ended(ProcessID, WaitStatus)
  /// What was left of COMMAND's group was told to end.
  case cleared(Signal, Target)
  /// COMMAND ended before its descendants, which were told to end.
  case toldRemainder
  /// What is left is killed.
  case gracePeriodIsOver
  /// Who is a descendant can't be found out.
  case cannotFindDescendants
  /// An adopted orphan ended and was reaped.
  case reapedOrphan(ProcessID, ProcessName, WaitStatus)
  /// Some process ended and was reaped.
  case reaped(ProcessID, WaitStatus)
  /// COMMAND is gone, and its status was given to nobody.
  case lostCommand
  /// A call fails without which swinit can't go on.
  case cannotSupervise(SystemError)

  /// What is done before COMMAND runs.
  public enum Preparation: Sendable {
    /// To be told how children end.
    case children
    /// To be given the orphans among the descendants.
    case orphans
    /// To be told of the parent's death.
    case parentDeathSignal
  }

  /// Writes the message; `command` is COMMAND as it was called.
  public func write(to line: inout Line, command: Text) {
    line.append("swinit: ")
    switch self {
    case .cannotPrepare(let preparation, let error):
      switch preparation {
      case .children: line.append("cannot be told how children end: ")
      case .orphans: line.append("cannot adopt orphans, which go to PID 1: ")
      case .parentDeathSignal: line.append("cannot be told of the parent's death: ")
      }
      line.append(error)
    case .cannotRun(let failure): failure.write(to: &line)
    case .started(let process):
      line.append("started ")
      line.append(quoted: command)
      line.append(" as ")
      line.append(process)
    case .forwarded(let received, let signal, let target):
      line.append("forwarded ")
      line.append(received)
      if signal != received.signal {
        line.append(" as ")
        line.append(signal)
      }
      line.append(" to ")
      line.append(target)
    case .dropped(let received):
      line.append("dropped ")
      line.append(received)
    case .cannotSend(let signal, let target, let error):
      line.append("cannot send ")
      line.append(signal)
      line.append(" to ")
      line.append(target)
      line.append(": ")
      line.append(error)
    case .ended(let process, let status):
      line.append(quoted: command)
      line.append(" (")
      line.append(process)
      line.append(") ")
      line.append(status)
    case .cleared(let signal, let target):
      line.append("sent ")
      line.append(signal)
      line.append(" to what is left of ")
      line.append(target)
    case .toldRemainder:
      line.append("told the processes that ")
      line.append(quoted: command)
      line.append(" left behind to end, and waits for them")
    case .gracePeriodIsOver:
      line.append("the grace period is over: killing the processes that are left")
    case .cannotFindDescendants:
      line.append("cannot read /proc to find all processes to end: signalling those known")
    case .reapedOrphan(let process, let name, let status):
      line.append("reaped orphan ")
      line.append(Int(process.rawValue))
      if name.count > 0 {
        line.append(" (")
        line.append(name)
        line.append(")")
      }
      line.append(": ")
      line.append(status)
    case .reaped(let process, let status):
      line.append("reaped ")
      line.append(process)
      line.append(": ")
      line.append(status)
    case .lostCommand:
      line.append("cannot tell how ")
      line.append(quoted: command)
      line.append(" ended: the kernel kept no status of it")
    case .cannotSupervise(let error):
      line.append("cannot wait for ")
      line.append(quoted: command)
      line.append(": ")
      line.append(error)
    }
    line.end()
  }
}

extension Line {
  fileprivate mutating func append(_ process: ProcessID) {
    append("process ")
    append(Int(process.rawValue))
  }

  fileprivate mutating func append(_ target: Target) {
    switch target {
    case .process(let process): append(process)
    case .group(let leader):
      append("process group ")
      append(Int(leader.rawValue))
    }
  }

  fileprivate mutating func append(_ received: ReceivedSignal) {
    append(received.signal)
    switch received.sender {
    case .process(let process):
      append(" from ")
      append(process)
    case .outside: append(" from outside the PID namespace")
    case .kernel: append(" from the kernel")
    }
  }

  fileprivate mutating func append(_ status: WaitStatus) {
    switch status.change {
    case .exited(let status):
      append("exited with status ")
      append(Int(status.rawValue))
    case .killed(let signal, let coreDumped):
      append("was killed by ")
      append(signal)
      if coreDumped { append(", core dumped") }
    case .stopped(let signal):
      append("was stopped by ")
      append(signal)
    case .continued: append("continued")
    }
  }
}
