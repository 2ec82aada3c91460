// The sentence of each report, and beside it the fields of its JSON object.

extension Report {
  /// Writes the message; `command` is the command as it was called, and `killed` are the processes that
  /// were killed when the grace period expired.
  @inline(never)
  public func write(
    to message: inout Message, command: Text,
    killed: Summary.KilledProcesses
  ) {
    message.compose { describe(in: &$0, command, killed) }
  }

  /// Begins a message and adds what it says.
  ///
  /// Each line adds words, and the fact that follows them in the sentence. Between them stands the
  /// name of the fact's field, unless facts of its type have fields of their own (`Message+Facts`).
  /// The names of events and fields never change: log processors rely on them.
  @inline(never)
  private func describe(
    in message: inout Message, _ command: Text, _ killed: Summary.KilledProcesses
  ) {
    switch self {
    case .cannotAwaitChildren(let error):
      message.begin(.error, "cannot_reset_sigchld")
      message.add("cannot reset SIGCHLD to its default action: ", error)

    case .cannotAdoptOrphans(let error):
      message.begin(.warning, "cannot_become_subreaper")
      message.add("cannot become a subreaper, so orphans go to another process: ", error)

    case .cannotAwaitParent(let error):
      message.begin(.error, "cannot_set_parent_death_signal")
      message.add("cannot request a signal for the parent's death: ", error)

    case .cannotOpenLog(let path, let error):
      message.begin(.error, "cannot_open_termination_log")
      message.add("cannot open termination log ", "path", quoted: path)
      message.add(": ", error)

    case .cannotWriteLog(let path, let error):
      message.begin(.warning, "cannot_write_termination_log")
      message.add("cannot write to termination log ", "path", quoted: path)
      message.add(": ", error)

    case .misspelledVariable(let name):
      message.begin(.warning, "unknown_variable")
      message.add("unknown environment variable ", "variable", quoted: name)
      message.suggest(name.closest(among: .variables))

    case .cannotStart(let error):
      message.begin(.error, "cannot_spawn")
      message.add("cannot create a process for ", command: command)
      message.add(": ", error)

    case .cannotRun(let failure):
      message.begin(.error, "cannot_execute")
      failure.write(to: &message, command: command)

    case .cannotListProcesses(let error):
      message.begin(.error, "cannot_list_processes")
      message.add("cannot list the processes in /proc: ")
      if let error {
        message.add("", error)
      } else {
        message.add("it is not mounted, or cannot be read")
      }

    case .cannotPrint(let error):
      message.begin(.error, "cannot_print")
      message.add("cannot write to standard output: ", error)

    case .pausing:
      message.begin(.info, "pausing")
      message.add("pausing: reaping orphans until a stop signal")

    case .started(let process):
      message.begin(.info, "started")
      message.add("started ", command: command)
      message.add(" as process ", process)

    case .forwarded(let signal, let sender, let forwarded, let target):
      message.begin(.info, "forwarded")
      message.add("forwarded ", signal)
      message.add(sender)
      if forwarded != signal { message.add(" as ", "forwarded_as", forwarded) }
      message.add(" to ", target)

    case .dropped(let signal, let sender):
      message.begin(.info, "dropped")
      message.add("dropped ", signal)
      message.add(sender)

    case .delayed(let signal, let sender, let milliseconds):
      message.begin(.info, "delayed")
      message.add("waiting ", "delay_ms", milliseconds: milliseconds)
      message.add(" before forwarding ", signal)
      message.add(sender)
      message.add(", as --stop-delay asks")

    case .cannotSend(let signal, let target, let error):
      message.begin(.warning, "cannot_signal")
      message.add("cannot send ", signal)
      message.add(" to ", target)
      message.add(": ", error)

    case .commandTerminated(let process, let status):
      message.begin(.info, "terminated")
      message.add(command: command)
      message.add(" (process ", process)
      message.add(") ", status)

    case .signalledRemainingGroup(let signal, let group):
      message.begin(.info, "signalled_group")
      message.add("sent ", signal)
      message.add(" to the remaining members of ", .group(group))

    case .askedDescendantsToTerminate(let signal):
      message.begin(.info, "signalled_descendants")
      message.add("sent ", signal)
      message.add(" to the remaining descendants of ", command: command)
      message.add("; waiting for them")

    case .gracePeriodExpired(let milliseconds, let count):
      message.begin(.warning, "grace_period_expired")
      message.add("grace period (", "grace_period_ms", milliseconds: milliseconds)
      message.add(") expired: killed ")
      // Without /proc no process is known.
      if count == 0 {
        message.add("the remaining processes")
      } else {
        message.add("", count, killed)
      }

    case .survived(let process):
      message.begin(.warning, "survived")
      message.add("process ", process, killed.survivor.name)
      guard killed.survivor.mayBeSignalled else {
        message.add(" was not killed: ", SystemError.notPermitted)
        break
      }
      message.add(" has not exited after SIGKILL: state ", state: killed.survivor.state)
      guard !killed.survivor.waitChannel.isEmpty else { break }
      message.add(", waiting in ", "wait_channel", killed.survivor.waitChannel)

    case .cannotFindDescendants:
      message.begin(.warning, "cannot_find_descendants")
      message.add("cannot read /proc to find all descendants; signalling those within reach")

    case .reapedOrphan(let process, let name, let status):
      message.begin(.info, "reaped_orphan")
      message.add("reaped orphan ", process, name)
      message.add(", which ", status)

    case .reaped(let process, let status):
      message.begin(.info, "reaped")
      message.add("reaped process ", process)
      message.add(", which ", status)

    case .killed(let process, let name, let kills):
      message.begin(.warning, "killed")
      message.add("process ", process, name)
      message.add(" was killed by SIGKILL, which swinit did not send")
      guard kills > 0 else { break }
      message.add("; out of memory? the kernel killed ", "unidentified_oom_kills", kills)
      message.add(kills == 1 ? " process that was" : " processes that were")
      message.add(" not identified")

    case .outOfMemory(let process, let name, let certainty, let limit, let peak):
      message.begin(.warning, "out_of_memory")
      message.add("out of memory: the kernel killed ")
      if certainty == .inferred { message.add("a process, most likely ") }
      message.add("process ", process, name)
      message.add(certainty: certainty)
      message.add(limit: limit, peak: peak)

    case .outOfMemoryUnidentified(let count, let obscurity, let limit, let peak):
      message.begin(.warning, "out_of_memory")
      message.add("out of memory: the kernel killed ", "victim_count", count)
      message.add(count == 1 ? " process" : " processes")
      switch obscurity {
      case .killedWithGroup: message.add(" of a control group with memory.oom.group")
      case .reaped where count == 1:
        message.add(", which its parent reaped before it could be identified")
      case .reaped: message.add(", which were reaped before they could be identified")
      case .notFound: message.add(" of the control group, not found among the descendants")
      }
      message.add(limit: limit, peak: peak)

    case .processLimitReached(let limit):
      message.begin(.warning, "process_limit_reached")
      message.add("process limit reached: ", "process_count", Int64(limit.count))
      message.add(" of ", "process_limit", Int64(limit.limit))
      let leak = limit.leak
      // One process explains it that has more than a quarter. Others may be out of sight, as are the
      // parents of processes that were started from outside.
      guard leak.count > limit.count / 4, leak.process != .invalid else { return }
      message.add("; ")
      switch leak.kind {
      case .zombies:
        message.add("", "zombie_count", Int64(leak.count))
        message.add(" are zombies of process ", leak.process, limit.name)
        message.add(", which must wait() for them")
      case .children:
        message.add("", "child_count", Int64(leak.count))
        message.add(" are children of process ", leak.process, limit.name)
        message.add(", and have not exited")
      case .threads:
        message.add("", "thread_count", Int64(leak.count))
        message.add(" are threads of process ", leak.process, limit.name)
      }

    case .watching(let memory, let processes):
      message.begin(.info, "watching")
      message.add("watching the control group's ")
      if memory { message.add("memory.events", true: "watches_memory") }
      if memory && processes { message.add(" and ") }
      if processes { message.add("pids.events", true: "watches_processes") }

    case .zombies(let count, let parent, let name):
      message.begin(.warning, "zombies")
      message.add("process ", parent, name)
      message.add(" has ", "zombie_count", count)
      message.add(
        count == 1
          ? " zombie child and is not reaping it; it must wait() for it"
          : " zombie children and is not reaping them; it must wait() for them")

    case .messagesDropped(let count):
      message.begin(.warning, "messages_dropped")
      message.add("dropped ", "dropped_count", count)
      message.add(count == 1 ? " message" : " messages")
      message.add(": standard error was full or closed")

    case .statusLost:
      message.begin(.error, "status_lost")
      message.add("cannot determine how ", command: command)
      message.add(" terminated: the kernel has no status of it")

    case .cannotSupervise(let error):
      message.begin(.error, "cannot_wait")
      message.add("cannot wait for ", command: command)
      message.add(": ", error)

    case .exitReport(let summary), .summary(let summary):
      let isAlone = if case .exitReport = self { true } else { false }
      message.begin(.info, "summary")
      message.add(command: command)
      message.add(" (process ", summary.process)
      message.add(") ")
      if isAlone || message.isFields { message.add("", summary.status) }
      if summary.isOutOfMemory {
        message.add(isAlone ? ", out of memory," : "", true: "out_of_memory")
      }
      message.add(
        isAlone ? " after " : "ran for ", "duration_ms", milliseconds: summary.milliseconds)
      message.add("; peak memory ", "peak_rss_bytes", bytes: summary.usage.peak)
      message.add(", CPU time ", "cpu_ms", milliseconds: summary.usage.processorMilliseconds)
      message.add("; orphans reaped: ", "orphan_count", summary.orphans)
      if isAlone && killed.count > 0 || message.isFields {
        message.add("; killed after the grace period: ", killed.count, killed)
      }
    }
  }
}
