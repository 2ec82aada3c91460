import CProbe

/// `child-flood COUNT`: two processes send SIGCHLD to swinit until they are killed. It prints
/// `flooded` when they have sent COUNT signals and a thousand orphans are reaped, and then each
/// SIGUSR1 and SIGTERM that it receives.
func floodWithChildSignals(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  let supervisor = getppid()
  let sent = Numbers(1)
  for _ in 1...2 {
    _ = forkApart {
      while true {
        check(kill(supervisor, SIGCHLD), "kill")
        sent.increment(0)
      }
    }
  }
  for _ in 1...10 {
    for orphan in makeOrphans(100, { _ in _exit(0) }) where !wait(until: { kill(orphan, 0) != 0 }) {
      fail("orphan \(orphan) is left")
    }
  }
  let count = number(words, 0)
  while sent[0] < count { pause(microseconds: 1000) }
  say("flooded")
  reportUserAndStopSignals()
}

/// Prints each SIGUSR1 and SIGTERM.
private func reportUserAndStopSignals() -> Never {
  while true {
    let signal = probe_take_signal(nil)
    if signal == SIGUSR1 || signal == SIGTERM { say("\(signal)") }
  }
}

/// `crowd COUNT`: a process group of COUNT members. It prints `ready`, and `all` when each member
/// has received SIGUSR1. Each exits on SIGTERM, the command with 7.
func gatherCrowd(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  let count = number(words, 0)
  let signalled = Numbers(1)
  for _ in 1..<count where forkChild() == nil {
    while true {
      switch probe_take_signal(nil) {
      case SIGUSR1: signalled.increment(0)
      case SIGTERM: _exit(0)
      default: break
      }
    }
  }
  say("ready")
  waitFor(SIGUSR1)
  guard wait(until: { signalled[0] >= count - 1 }) else { fail("\(signalled[0]) were signalled") }
  say(signalled[0] == count - 1 ? "all" : "\(signalled[0])")
  waitFor(SIGTERM)
  _exit(7)
}

/// `kill-all COMMAND…` is the least that an init can be that does as `swinit -k 0 -r TERM:USR1`: on
/// SIGTERM it sends the command's group SIGUSR1, kills all of its descendants in a bare loop, reaps them,
/// and exits with 137.
func killAll(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  check(probe_become_subreaper(), "prctl")
  guard let command = forkChild() else {
    check(setpgid(0, 0), "setpgid")
    become(words)
  }
  _ = setpgid(command, command)
  waitFor(SIGTERM)
  check(kill(-command, SIGUSR1), "kill")
  probe_kill_descendants()
  while waitpid(-1, nil, 0) > 0 {}
  _exit(128 + SIGKILL)
}

/// `stop-loop SIGNAL COUNT` and an orphan are stopped by the signal and continued COUNT times, as
/// fast as possible, while other orphans exit. It prints `looped`, then `ready`, and exits with 7
/// on SIGTERM.
func stopInALoop(_ words: [String]) -> Never {
  check(probe_set_mask(~(1 << UInt64(SIGTSTP - 1))), "rt_sigprocmask")
  let (signal, count) = (Int32(number(words, 0)), number(words, 1))
  let (me, supervisor) = (getpid(), getppid())
  let orphan = makeOrphans(1) { _ in while true { _ = probe_take_signal(nil) } }[0]
  let friend = forkApart {
    for _ in 1...count {
      for process in [me, orphan] { check(kill(process, signal), "kill") }
      // swinit may have stopped with the command.
      for process in [supervisor, me, orphan] { check(kill(process, SIGCONT), "kill") }
    }
    check(kill(orphan, SIGKILL), "kill")
    // The last stop may still be pending.
    while true {
      check(kill(supervisor, SIGCONT), "kill")
      check(kill(me, SIGCONT), "kill")
      pause(microseconds: 1000)
    }
  }
  for _ in 1...5 {
    for orphan in makeOrphans(100, { _ in _exit(0) }) where !wait(until: { kill(orphan, 0) != 0 }) {
      fail("orphan \(orphan) is left")
    }
  }
  guard wait(until: { kill(orphan, 0) != 0 }) else { fail("orphan \(orphan) is left") }
  say("looped")
  check(kill(friend, SIGKILL), "kill")
  check(waitpid(friend, nil, 0), "waitpid")
  say("ready")
  waitFor(SIGTERM)
  _exit(7)
}

/// `look-at-all` reads the status of every process three times, and prints the processor time of
/// each round in nanoseconds.
func lookAtAll() -> Never {
  for _ in 1...3 {
    let before = probe_processor_time()
    check(probe_read_all_statuses(), "opendir /proc")
    say("\(probe_processor_time() - before)")
  }
  _exit(0)
}
