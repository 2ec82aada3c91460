import CProbe

/// `take-number NUMBER`: says `ready`, and forks until a child has this number, which leads a session
/// of its own; the child says `taken`, and which signals it gets. It needs a PID namespace.
func takeNumber(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  say("ready")
  takeNumber(pid_t(number(words, 0)))
}

/// `leave-taker`: COMMAND exits with 7 at TERM; what it leaves takes its number.
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
      if getpid() == wanted { bearNumber() }
      _exit(0)
    }
    check(waitpid(child, nil, 0), "waitpid")
  }
}

/// Exits with 9 at USR2.
private func bearNumber() -> Never {
  check(setsid(), "setsid")
  say("taken")
  while true {
    let signal = probe_take_signal(nil)
    guard signal > 0 else { continue }
    say("taken \(signal)")
    if signal == SIGUSR2 { _exit(9) }
  }
}
