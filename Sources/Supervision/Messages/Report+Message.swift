// The sentence of each report, and beside it the fields of its JSON object.

extension Report {
  /// Writes the message; `command` is the command as it was called, and `killed` are the processes that
  /// were killed when the grace period expired.
  ///
  /// Each line adds words, and the fact that follows them in the sentence. Between them stands the
  /// name of the fact's field, unless facts of its type have fields of their own (`Message+Facts`).
  /// The names of events and fields never change: log processors rely on them.
  @inline(never)
  public func write(
    to message: inout Message, command: Text,
    killed: borrowing Summary.KilledProcesses
  ) {
    switch self {
    case .cannotAwaitChildren(let error):
      message.begin(.error, "cannot_await_children")
      message.add("cannot be told how children end: ", error)

    case .cannotAdoptOrphans(let error):
      message.begin(.warning, "cannot_adopt_orphans")
      message.add("cannot adopt orphans, which go to PID 1: ", error)

    case .cannotAwaitParent(let error):
      message.begin(.error, "cannot_await_parent")
      message.add("cannot be notified when the parent dies: ", error)

    case .cannotOpenLog(let path, let error):
      message.begin(.error, "cannot_log")
      message.add("cannot open the termination log ", "path", quoted: path)
      message.add(": ", error)

    case .cannotWriteLog(let path, let error):
      message.begin(.warning, "cannot_write_log")
      message.add("cannot write to the termination log ", "path", quoted: path)
      message.add(": ", error)

    case .cannotStart(let error):
      message.begin(.error, "cannot_start")
      message.add("cannot start a process for ", command: command)
      message.add(": ", error)

    case .cannotRun(let failure):
      message.begin(.error, "cannot_run")
      message.add("cannot run ", command: command)
      failure.write(to: &message)

    case .started(let process):
      message.begin(.info, "started")
      message.add("started ", command: command)
      message.add(" as process ", process)

    case .forwarded(let signal, let sender, let forwarded, let target):
      message.begin(.info, "forwarded")
      message.add("forwarded ", "signal", signal)
      message.add(sender)
      if forwarded != signal { message.add(" as ", "as", forwarded) }
      message.add(" to ", target)

    case .dropped(let signal, let sender):
      message.begin(.info, "dropped")
      message.add("dropped ", "signal", signal)
      message.add(sender)

    case .delayed(let signal, let sender, let milliseconds):
      message.begin(.info, "delayed")
      message.add("waiting ", "delay_ms", setMilliseconds: milliseconds)
      message.add(" before forwarding ", "signal", signal)
      message.add(sender)
      message.add(", as --stop-delay asks")

    case .cannotSend(let signal, let target, let error):
      message.begin(.warning, "cannot_send")
      message.add("cannot send ", "signal", signal)
      message.add(" to ", target)
      message.add(": ", error)

    case .commandTerminated(let process, let status):
      message.begin(.info, "ended")
      message.add(command: command)
      message.add(" (process ", process)
      message.add(") ", status)

    case .signalledRemainingGroup(let signal, let group):
      message.begin(.info, "group_told")
      message.add("sent ", "signal", signal)
      message.add(" to the remaining members of ", .group(group))

    case .askedDescendantsToTerminate:
      message.begin(.info, "remainder_told")
      message.add("told the processes that ", command: command)
      message.add(" left behind to end, and waits for them")

    case .gracePeriodExpired(let milliseconds, let count):
      message.begin(.warning, "grace_period_over")
      message.add("grace period (", "grace_period_ms", setMilliseconds: milliseconds)
      message.add(") expired: killed ")
      // Without /proc nobody is known.
      guard count > 0 else {
        message.add("the remaining processes")
        break
      }
      message.add("", "killed_count", count)
      message.add(count == 1 ? " process" : " processes")
      message.add(": ", "killed", killed)

    case .cannotFindDescendants:
      message.begin(.warning, "cannot_find_descendants")
      message.add("cannot read /proc to find all processes to end: signalling those known")

    case .reapedOrphan(let process, let name, let status):
      message.begin(.info, "orphan_reaped")
      message.add("reaped orphan ", process, name)
      message.add(": ", status)

    case .reaped(let process, let status):
      message.begin(.info, "reaped")
      message.add("reaped process ", process)
      message.add(": ", status)

    case .killed(let process, let name):
      message.begin(.warning, "killed")
      message.add("process ", process, name)
      message.add(" was killed by SIGKILL, which swinit did not send")

    case .outOfMemory(let process, let name, let limit, let peak):
      message.begin(.warning, "out_of_memory")
      message.add("out of memory: the kernel killed process ", process, name)
      if let limit { message.add("; the limit is ", "limit", bytes: limit) }
      if let peak { message.add("; the peak was ", "peak", bytes: peak) }

    case .zombies(let count, let parent, let name):
      message.begin(.warning, "zombies")
      message.add("", "count", count)
      message.add(count == 1 ? " zombie is" : " zombies are")
      message.add(" left by process ", parent, name)
      message.add(", which must reap what it spawns: look there for a missing wait")

    case .messagesDropped(let count):
      message.begin(.warning, "messages_dropped")
      message.add("dropped ", "count", count)
      message.add(count == 1 ? " message" : " messages")
      message.add(": standard error was full or closed")

    case .statusLost:
      message.begin(.error, "status_lost")
      message.add("cannot tell how ", command: command)
      message.add(" ended: the kernel kept no status of it")

    case .cannotSupervise(let error):
      message.begin(.error, "cannot_supervise")
      message.add("cannot wait for ", command: command)
      message.add(": ", error)

    case .summary(let summary):
      message.begin(.info, "summary")
      message.add(command: command)
      message.add(" (process ", summary.process)
      message.add(") ", summary.status)
      if summary.isOutOfMemory { message.add(", out of memory,", true: "out_of_memory") }
      message.add(" after ", "duration_ms", milliseconds: summary.milliseconds)
      message.add("; peak memory ", "peak", bytes: summary.usage.peak)
      message.add(", processor time ", "cpu_ms", milliseconds: summary.usage.processorMilliseconds)
      message.add("; orphans reaped: ", "orphans", summary.orphans)
      message.add("; killed after the grace period: ", "killed_count", killed.count)
      message.add(": ", "killed", killed)
    }
    message.end()
  }
}
