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
