import CProbe

/// `nest REPORT CONTROL COMMAND…` runs the command so that no process of it outlives the test.
///
/// The nest is the subreaper above swinit and its neighbour in its process group. It writes to the
/// descriptor REPORT how the command terminated, which processes it adopted, and every signal that
/// it received itself, which no process should send. When CONTROL is closed, it kills the remaining
/// processes and exits.
enum Nest {
  static func run(_ words: [String]) -> Never {
    let report = Int32(number(words, 0))
    let control = Int32(number(words, 1))
    for stray in 3..<1024 as Range<Int32> where stray != report && stray != control { close(stray) }
    check(probe_set_close_on_exec(report), "fcntl")
    check(probe_set_close_on_exec(control), "fcntl")
    check(setsid(), "setsid")
    check(probe_become_subreaper(), "prctl")
    check(probe_set_mask(~0), "rt_sigprocmask")
    let signals = check(probe_open_signals(), "signalfd")
    guard let command = forkChild() else {
      check(probe_set_mask(0), "rt_sigprocmask")
      become(Array(words[2...]))
    }
    check(dup2(report, STDERR_FILENO), "dup2")
    close(STDOUT_FILENO)
    write("started \(command)\n", to: report)

    var sources = [
      pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
      pollfd(fd: control, events: Int16(POLLIN), revents: 0),
    ]
    while sources[1].revents == 0 {
      check(unsafe poll(&sources, 2, -1), "poll")
      if sources[0].revents != 0 { takeSignal(signals, report) }
      reap(command, report)
    }
    killChildren()
    _exit(0)
  }

  private static func takeSignal(_ signals: Int32, _ report: Int32) {
    var taken = signalfd_siginfo()
    check(unsafe read(signals, &taken, MemoryLayout<signalfd_siginfo>.size), "read")
    guard taken.ssi_signo != UInt32(SIGCHLD) else { return }
    write("signalled \(taken.ssi_signo) \(taken.ssi_pid)\n", to: report)
  }

  /// Reports every child that has terminated.
  private static func reap(_ command: pid_t, _ report: Int32) {
    var status: Int32 = 0
    var child = unsafe probe_wait_any(&status)
    while child > 0 {
      write(child == command ? "\(ending(status))\n" : "adopted \(child)\n", to: report)
      child = unsafe probe_wait_any(&status)
    }
  }
}

/// Kills and reaps the descendants of this process, until there are none. To kill its children alone
/// would take longer than a fork bomb takes to create others.
func killChildren() {
  var reaped: pid_t = 0
  repeat {
    let children = Dictionary(grouping: processes(), by: \.parent)
    var doomed = children[getpid()] ?? []
    var next = 0
    while next < doomed.count {
      kill(doomed[next].id, SIGKILL)
      doomed += children[doomed[next].id] ?? []
      next += 1
    }
    pause(microseconds: 100)
    repeat { reaped = waitpid(-1, nil, WNOHANG) } while reaped > 0
  } while reaped == 0
}

/// The report of a wait status.
func ending(_ status: Int32) -> String {
  probe_exited(status) != 0
    ? "exited \(probe_exit_code(status))" : "killed \(probe_signal(status))"
}

func children(of parent: pid_t) -> [pid_t] {
  processes().filter { $0.parent == parent }.map(\.id)
}

private func processes() -> [(id: pid_t, parent: pid_t)] {
  guard let directory = unsafe opendir("/proc") else { fail("opendir /proc") }
  defer { unsafe closedir(directory) }
  var processes: [(id: pid_t, parent: pid_t)] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
      unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
    }
    guard let id = pid_t(name), let stat = contents(of: "/proc/\(id)/stat"),
      let fields = stat.lastIndex(of: ")").map({ stat[$0...].split(separator: " ") }),
      fields.count > 2, let parent = pid_t(fields[2])
    else { continue }
    processes.append((id, parent))
  }
  return processes
}
