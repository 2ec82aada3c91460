import CProbe

/// `on-terminal PATH COMMAND…` executes the command as the leader of a session that the terminal
/// controls, as terminal emulators and container engines do.
func executeOnTerminal(_ words: [String]) -> Never {
  guard let path = words.first else { fail("on-terminal takes a path") }
  check(setsid(), "setsid")
  let terminal = check(unsafe probe_open_terminal(path), "open \(path)")
  check(probe_take_terminal(terminal), "TIOCSCTTY")
  for standard in STDIN_FILENO...STDERR_FILENO { check(dup2(terminal, standard), "dup2") }
  close(terminal)
  become(Array(words[1...]))
}

/// `ready COMMAND…` prints `ready` and executes the command.
func sayReady(_ words: [String]) -> Never {
  say("ready")
  become(words)
}

/// `with-stolen-terminal reaped|unreaped COMMAND…` executes the command after a child has made its
/// own process group the foreground one and has exited.
func stealTerminal(_ words: [String]) -> Never {
  check(probe_set_mask(1 << UInt64(SIGTTOU - 1)), "rt_sigprocmask")
  guard let thief = forkChild() else {
    check(setpgid(0, 0), "setpgid")
    check(tcsetpgrp(STDIN_FILENO, getpid()), "tcsetpgrp")
    _exit(0)
  }
  var information = unsafe siginfo_t()
  let options = WEXITED | (words.first == "reaped" ? 0 : WNOWAIT)
  check(unsafe waitid(P_PID, id_t(thief), &information, options), "waitid")
  check(probe_set_mask(0), "rt_sigprocmask")
  say("stolen")
  become(Array(words[1...]))
}

/// `with-own-terminal COMMAND…`: makes its own group the terminal's foreground, and becomes the command.
func takeOwnTerminal(_ words: [String]) -> Never {
  check(probe_set_mask(1 << UInt64(SIGTTOU - 1)), "rt_sigprocmask")
  let terminal = check(unsafe probe_open_terminal("/dev/tty"), "open /dev/tty")
  check(tcsetpgrp(terminal, getpgrp()), "tcsetpgrp")
  check(probe_set_mask(0), "rt_sigprocmask")
  become(words)
}

/// `in-another-group COMMAND…`: becomes the command in the process group of its own child.
func moveToAnotherGroup(_ words: [String]) -> Never {
  guard let child = forkChild() else {
    while true { pause(microseconds: 900_000) }
  }
  check(setpgid(child, child), "setpgid")
  check(setpgid(0, child), "setpgid")
  become(words)
}

/// `hold PID`: keeps a process from running until the probe is killed. A stop would not do: the CONT
/// after it discards pending stop signals. ptrace(2)
func hold(_ words: [String]) -> Never {
  let process = Int32(number(words, 0))
  check(probe_hold(process), "ptrace")
  var status: Int32 = 0
  check(unsafe waitpid(process, &status, Int32(bitPattern: UInt32(__WALL))), "waitpid")
  say("held")
  while true { pause(microseconds: 900_000) }
}

/// `in-a-job COMMAND…` runs the command in a process group of its own and waits for it, as a shell
/// with job control does. Such a group is not orphaned, so the kernel lets the terminal's signals
/// stop it.
func executeInAJob(_ words: [String]) -> Never {
  guard let job = forkChild() else {
    check(setpgid(0, 0), "setpgid")
    become(words)
  }
  var status: Int32 = 0
  check(unsafe waitpid(job, &status, 0), "waitpid")
  exit(as: status)
}

/// `in-the-foreground COMMAND…` does the same and makes the group the foreground process group.
func executeInTheForeground(_ words: [String]) -> Never {
  let job = forkIntoForeground(words)
  var status: Int32 = 0
  check(unsafe waitpid(job, &status, 0), "waitpid")
  exit(as: status)
}

/// `resuming COMMAND…` runs the command in the foreground process group, and continues it there
/// each time that it has stopped, like a user who types `fg` after each ^Z.
func resume(_ words: [String]) -> Never {
  let job = forkIntoForeground(words)
  var status: Int32 = 0
  check(unsafe waitpid(job, &status, WUNTRACED), "waitpid")
  while probe_stopped(status) != 0 {
    check(tcsetpgrp(STDIN_FILENO, getpgrp()), "tcsetpgrp")
    check(tcsetpgrp(STDIN_FILENO, job), "tcsetpgrp")
    check(kill(-job, SIGCONT), "kill")
    check(unsafe waitpid(job, &status, WUNTRACED), "waitpid")
  }
  exit(as: status)
}

/// Forks a command into a process group of its own, in the foreground. SIGTTOU stays blocked in the
/// parent.
private func forkIntoForeground(_ words: [String]) -> pid_t {
  check(probe_set_mask(1 << UInt64(SIGTTOU - 1)), "rt_sigprocmask")
  guard let job = forkChild() else {
    check(setpgid(0, 0), "setpgid")
    check(tcsetpgrp(STDIN_FILENO, getpid()), "tcsetpgrp")
    check(probe_set_mask(0), "rt_sigprocmask")
    become(words)
  }
  return job
}

/// Exits as a shell does whose last command had this wait status.
private func exit(as status: Int32) -> Never {
  _exit(Int32(probe_exited(status) != 0 ? probe_exit_code(status) : 128 + probe_signal(status)))
}
