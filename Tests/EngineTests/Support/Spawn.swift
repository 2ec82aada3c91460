import Foundation

/// Starts `/usr/bin/env` with these arguments, in a process group of its own and with no signal
/// blocked or ignored.
///
/// Foundation's `Process` takes a program as running as long as a daemon that it left behind keeps
/// its descriptors; and it hands down what this process's threads block.
func spawn(
  _ arguments: [String], environment: [String: String], input: Int32, output: Int32
) throws -> pid_t {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  for (from, to) in [(input, 0), (output, 1), (output, 2)] as [(Int32, Int32)] {
    unsafe posix_spawn_file_actions_adddup2(&actions, from, to)
  }

  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { unsafe posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  unsafe sigemptyset(&none)
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
  unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

  let words = ["env", "--default-signal"] + arguments
  let variables = environment.map { "\($0.key)=\($0.value)" }
  var pid: pid_t = 0
  let error = unsafe withPointers(to: words) { words in
    unsafe withPointers(to: variables) { variables in
      unsafe posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, words, variables)
    }
  }
  guard error == 0 else { throw Failure("can't start \(arguments): error \(error)") }
  return pid
}

/// The strings as C wants a list of them.
private func withPointers<Result>(
  to strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = unsafe strings.map { unsafe strdup($0) }
  defer { unsafe pointers.forEach { unsafe free($0) } }
  return unsafe body(pointers + [nil])
}

/// The status that a child ended with, 128+N for a signal N; nil as long as it runs.
func endOfChild(_ pid: pid_t, waiting: Bool) -> Int32? {
  var status: Int32 = 0
  guard unsafe waitpid(pid, &status, waiting ? 0 : WNOHANG) == pid else { return nil }
  let signal = status & 0x7f
  return signal == 0 ? status >> 8 & 0xff : 128 + signal
}
