import CProbe

/// `fork-bomb`: each process forks for ever and ignores SIGTERM.
func explode() -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  say("ready")
  while true {
    // At the process limit, wait and try again.
    if fork() < 0 { pause(microseconds: 1000) }
  }
}

/// `comets N`: N chains of processes, each of which forks the next one and exits.
func flyComets(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  for _ in 0..<number(words, 0) where forkChild() == nil {
    while true {
      if fork() > 0 { _exit(0) }
    }
  }
  say("ready")
  while true { _ = probe_take_signal(nil) }
}

/// `leak KIND` forks until that is refused 20 times. The children are `zombies`, which are not reaped, or
/// `running`. It prints `refused`, and exits when its input ends.
func leakProcesses(_ words: [String]) -> Never {
  let isRunning = words.first == "running"
  var refusals = 0
  while refusals < 20 {
    let child = fork()
    if child < 0 { refusals += 1 }
    if child == 0 {
      while isRunning { pause(microseconds: 500_000) }
      _exit(0)
    }
    // A zombie before the next fork: what swinit counts does not depend on the scheduler.
    var information = unsafe siginfo_t()
    if child > 0 && !isRunning {
      check(unsafe waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT), "waitid")
    }
  }
  say("refused")
  var byte: UInt8 = 0
  while unsafe read(STDIN_FILENO, &byte, 1) > 0 {}
  _exit(7)
}
