import CProbe

// Orphans, and the endings that swinit should report.

extension Soak {
  /// The signals other than KILL that orphans die of, as swinit names them.
  private static let deadly: [(signal: Int32, name: String)] = [
    (SIGHUP, "SIGHUP"), (SIGILL, "SIGILL"), (SIGABRT, "SIGABRT"), (SIGUSR1, "SIGUSR1"),
    (SIGSEGV, "SIGSEGV"), (SIGTERM, "SIGTERM"), (33, "signal 33"), (34, "SIGRTMIN"),
    (50, "SIGRTMIN+16"),
  ]

  /// Creates orphans that exit with different statuses, some in sessions of their own.
  mutating func makeExitingOrphans() {
    let number = random.next(1...30)
    count("orphans", number)
    var chance = random
    for _ in 1...number { _ = random.next() }
    _ = makeOrphans(number) { index in
      for _ in 0..<index { _ = chance.next() }
      let status = chance.next(0...255)
      if status & 1 == 1 { check(setsid(), "setsid") }
      pause(microseconds: status * 10)
      exit(Int32(status))
    }
  }

  mutating func makeDyingOrphans() {
    let number = random.next(1...10)
    count("orphans", number)
    let (signal, name) = random.element(Soak.deadly)
    _ = makeOrphans(number) { _ in
      check(probe_limit(Int32(RLIMIT_CORE.rawValue), 0), "setrlimit")
      record(getpid(), "was killed by \(name)")
      check(kill(getpid(), signal), "kill")
      check(probe_set_mask(~(1 << UInt64(signal - 1))), "rt_sigprocmask")
      fail("survived signal \(signal)")
    }
  }

  mutating func killOrphans() {
    let number = random.next(1...10)
    count("orphans", number)
    for orphan in makeOrphans(number, { _ in while true { _ = probe_take_signal(nil) } }) {
      finish(orphan)
    }
  }

  /// Creates orphans that are stopped when they are adopted, and exit when they are continued.
  mutating func continueOrphans() {
    let number = random.next(1...5)
    count("orphans", number)
    let leavesSession = random.next(0...1) == 1
    let orphans = makeOrphans(number, whenStopped: true) { index in
      if leavesSession { check(setsid(), "setsid") }
      check(kill(getpid(), SIGSTOP), "kill")
      exit(Int32(100 + index))
    }
    pause(microseconds: random.next(0...2000))
    // A forwarded SIGCONT may have arrived before.
    for orphan in orphans { kill(orphan, SIGCONT) }
  }

  /// Creates a chain of orphans: each forks the next one, if it can.
  mutating func flyComet() {
    let number = random.next(1...20)
    count("orphans", number)
    _ = makeOrphans(1) { _ in
      for _ in 1..<number where fork() != 0 { exit(77) }
      exit(78)
    }
  }

  /// Creates an orphan that the OOM killer kills. No other process may allocate memory until it is
  /// gone, because the kernel could choose that one instead.
  mutating func exhaustMemory() {
    settle()
    count("orphans")
    let orphans = makeOrphans(1) { _ in
      write("1000", toFile: "/proc/self/oom_score_adj")
      record(getpid(), "was killed by SIGKILL")
      let size = 1 << 20
      for _ in 1...4096 {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 1, count: size)
      }
      fail("there is memory without end")
    }
    if !wait(until: { kill(orphans[0], 0) != 0 }) { fail("it lives") }
  }

  /// Kills an orphan that swinit adopted.
  func finish(_ orphan: pid_t) {
    record(orphan, "was killed by SIGKILL")
    check(kill(orphan, SIGKILL), "kill")
  }

  private func exit(_ status: Int32) -> Never {
    record(getpid(), "exited with status \(status)")
    _exit(status)
  }

  /// Records how a process is about to terminate.
  private func record(_ process: pid_t, _ end: String) { write("\(process): \(end)\n", to: ledger) }
}

/// Writes to an existing file, and exits if that fails.
func write(_ text: String, toFile path: String) {
  let file = check(unsafe probe_open_to_append(path), "open \(path)")
  write(text, to: file)
  close(file)
}
