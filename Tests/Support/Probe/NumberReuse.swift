import CProbe

/// `take-number NUMBER` prints `ready` and forks until a child has this process ID. The child leads
/// a session of its own, and prints `taken` and the signals that it receives. It needs a PID
/// namespace.
func takeNumber(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  say("ready")
  takeNumber(pid_t(number(words, 0)))
}

/// `leave-taker` exits with 7 on SIGTERM; the child that it leaves takes its process ID.
func leaveTaker() -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  let command = getpid()
  guard forkChild() != nil else {
    check(setsid(), "setsid")
    say("\(getpid()) ready")
    _ = wait { getppid() != command }
    takeNumber(command)
  }
  waitFor(SIGTERM)
  _exit(7)
}

private func takeNumber(_ wanted: pid_t) -> Never {
  while true {
    recycleNumbers(from: Int(wanted))
    guard let child = forkChild() else {
      if getpid() == wanted { holdNumber() }
      _exit(0)
    }
    check(waitpid(child, nil, 0), "waitpid")
  }
}

/// Exits with 9 on SIGUSR2.
private func holdNumber() -> Never {
  check(setsid(), "setsid")
  say("taken")
  while true {
    let signal = probe_take_signal(nil)
    guard signal > 0 else { continue }
    say("taken \(signal)")
    if signal == SIGUSR2 { _exit(9) }
  }
}
