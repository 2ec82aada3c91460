import CProbe

/// `fork-bomb`: each process forks for ever; none cares for TERM.
func explode() -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  say("ready")
  while true {
    // Where no more fit, there is nothing to do but to try again.
    if fork() < 0 { pause(microseconds: 1000) }
  }
}

/// `comets N`: so many, each of which is one process after the other: each forks the next and exits.
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
