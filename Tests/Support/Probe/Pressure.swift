import CProbe

/// `feast BYTES` allocates memory and creates orphans that exit. It prints `ready` when they are
/// reaped, prints SIGUSR1 when it receives it, and exits with 7 on SIGTERM.
func feast(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  let size = number(words, 0)
  let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
  unsafe memory.initializeMemory(as: UInt8.self, repeating: 1, count: size)
  for orphan in makeOrphans(5, { _ in _exit(0) }) where !wait(until: { kill(orphan, 0) != 0 }) {
    fail("orphan \(orphan) is left")
  }
  say("ready")
  waitFor(SIGUSR1)
  say("\(SIGUSR1)")
  waitFor(SIGTERM)
  _exit(7)
}
