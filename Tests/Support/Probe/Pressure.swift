import CProbe

/// `feast BYTES`: takes so much memory, has orphans that die; says `ready` when they are reaped, says
/// when it gets USR1, and exits with 7 at TERM.
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
