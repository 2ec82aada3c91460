import CProbe

/// `with-signals BLOCKED IGNORED COMMAND…` takes masks in hexadecimal, as in `/proc/PID/status`.
func executeWithSignals(_ words: [String]) -> Never {
  guard words.count > 2, let blocked = UInt64(words[0], radix: 16),
    let ignored = UInt64(words[1], radix: 16)
  else { fail("with-signals takes two masks") }
  for signal in 1...64 as ClosedRange<Int32> {
    _ = probe_set_action(signal, ignored >> UInt64(signal - 1) & 1 == 1 ? 1 : 0)
  }
  check(probe_set_mask(blocked), "rt_sigprocmask")
  become(Array(words[2...]))
}

/// `with-pending SIGNAL COMMAND…` executes the command with the signal blocked and pending.
func executeWithPending(_ words: [String]) -> Never {
  let signal = number(words, 0)
  check(probe_set_mask(1 << UInt64(signal - 1)), "rt_sigprocmask")
  check(kill(getpid(), Int32(signal)), "kill")
  become(Array(words[1...]))
}

/// `with-zombie COMMAND…` executes the command with a zombie child whose SIGCHLD is no longer
/// pending.
func executeWithZombie(_ words: [String]) -> Never {
  guard let child = forkChild() else { _exit(9) }
  var information = unsafe siginfo_t()
  check(unsafe waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT), "waitid")
  become(words)
}

/// `with-silent-child COMMAND…` executes the command with a child whose exit sends no signal.
func executeWithSilentChild(_ words: [String]) -> Never {
  if check(probe_fork_silent_child(), "clone3") == 0 {
    while true { pause(microseconds: 900_000) }
  }
  become(words)
}

/// `without-descriptors 012 COMMAND…` closes the descriptor of each digit.
func executeWithoutDescriptors(_ words: [String]) -> Never {
  guard let digits = words.first else { fail("without-descriptors takes digits") }
  for digit in digits.compactMap(\.wholeNumberValue) { close(Int32(digit)) }
  become(Array(words[1...]))
}

/// `secure COMMAND…` runs the command as a security module makes the kernel do for the first process of a
/// container, and exits with its status.
func runSecure(_ words: [String]) -> Never {
  var arguments = unsafe vector(words)
  _exit(check(unsafe probe_run_secure(&arguments), "no program was executed with AT_SECURE"))
}

/// `without-arguments PATH` passes no arguments, not even the program's name.
func executeWithoutArguments(_ words: [String]) -> Never {
  guard let path = words.first else { fail("without-arguments takes a path") }
  var none = unsafe vector([])
  _ = unsafe execve(path, &none, probe_environment())
  fail("execve")
}

/// `with-odd-environment PATH…` passes environment entries that no shell would pass.
func executeWithOddEnvironment(_ words: [String]) -> Never {
  guard let path = words.first else { fail("with-odd-environment takes a path") }
  let bytes: [[UInt8]] = [
    Array("PATH=/usr/bin:/bin".utf8), Array("TWICE=1".utf8), Array("TWICE=2".utf8), [],
    Array("no equals sign".utf8), Array("=C:=".utf8), Array("EMPTY=".utf8),
    [0x42, 0x3d, 0xff, 0xfe, 0x0a, 0x01], Array("LISTEN_PID=".utf8),
    Array("LISTEN_PID_FILE=7".utf8),
  ]
  var entries = unsafe bytes.map { unsafe strdup(($0 + [0]).map { CChar(bitPattern: $0) }) }
  unsafe entries.append(nil)
  var arguments = unsafe vector(words)
  _ = unsafe execve(path, &arguments, &entries)
  fail("execve")
}

/// `with-most-arguments PATH…` passes the longest environment that the kernel accepts with these
/// arguments, to within about thirty bytes.
func executeWithMostArguments(_ words: [String]) -> Never {
  guard let path = words.first else { fail("with-most-arguments takes a path") }
  let small = 512 * 1024 as UInt  // a quarter of the stack is for arguments: 128 kB, the least
  check(probe_limit(Int32(RLIMIT_STACK.rawValue), small), "setrlimit")
  var arguments = unsafe vector(words)
  for length in stride(from: 131_000, to: 100_000, by: -32) {
    let padding = "X=" + String(repeating: "x", count: length)
    var environment = unsafe vector(["PATH=/usr/bin:/bin", padding])
    _ = unsafe execve(path, &arguments, &environment)
    unsafe free(environment[1])
    guard probe_errno() == E2BIG else { break }
  }
  fail("execve")
}
