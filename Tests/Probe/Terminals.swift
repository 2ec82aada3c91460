import CProbe

/// `on-terminal PATH COMMAND…`: the leader of a session that the terminal controls, as a terminal
/// emulator or a container engine starts it.
func beBornOnTerminal(_ words: [String]) -> Never {
  guard let path = words.first else { fail("on-terminal takes a path") }
  check(setsid(), "setsid")
  let terminal = check(unsafe probe_open_terminal(path), "open \(path)")
  check(probe_take_terminal(terminal), "TIOCSCTTY")
  for standard in STDIN_FILENO...STDERR_FILENO { check(dup2(terminal, standard), "dup2") }
  close(terminal)
  become(Array(words[1...]))
}

/// `ready COMMAND…`: says so, and becomes the command.
func sayReady(_ words: [String]) -> Never {
  say("ready")
  become(words)
}

/// `in-a-job COMMAND…`: runs the command as the only process of a group, and waits for it: it is
/// what a shell with job control makes of a job, which the kernel lets stop for a terminal's sake.
func beBornInAJob(_ words: [String]) -> Never {
  guard let job = forkChild() else {
    check(setpgid(0, 0), "setpgid")
    become(words)
  }
  var status: Int32 = 0
  check(unsafe waitpid(job, &status, 0), "waitpid")
  _exit(Int32(probe_exited(status) != 0 ? probe_exit_code(status) : 128 + probe_signal(status)))
}
