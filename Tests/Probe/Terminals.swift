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
