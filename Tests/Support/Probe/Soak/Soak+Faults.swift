import CProbe

// Signals, stops, and forks that fail.

extension Soak {
  /// The signals that the command can receive without side effects.
  private static let harmless =
    (1...64 as ClosedRange<Int32>).filter {
      ![SIGKILL, SIGSTOP, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR1].contains($0)
    }

  mutating func send(_ signal: Int32) {
    check(kill(parent, signal), "kill")
    sent[Int(signal)] += 1
    count("sent")
  }

  mutating func sendSignals() {
    for _ in 1...random.next(1...50) { send(random.element(Soak.harmless)) }
    drain()
  }

  /// Receives all signals that were sent through swinit. Each real-time signal must arrive as often
  /// as it was sent, and each other one at least once, because only one of a kind can be pending.
  mutating func drain() {
    // swinit and this process receive the lowest signal first: when this one arrives, all others
    // have.
    send(64)
    var limit = timespec(tv_sec: 20, tv_nsec: 0)
    while taken[64] < sent[64] {
      let signal = unsafe probe_take_signal(&limit)
      if signal < 0 && probe_errno() == EAGAIN { fail("signals were lost: \(sent), \(taken)") }
      if signal > 0 { taken[Int(signal)] += 1 }
    }
    for signal in 1...64 where signal != SIGCHLD && sent[signal] > 0 {
      let isRight = signal < 32 ? taken[signal] > 0 : taken[signal] == sent[signal]
      if !isRight { fail("signal \(signal) came \(taken[signal]) times, not \(sent[signal])") }
    }
    for signal in 1...64 { (sent[signal], taken[signal]) = (0, 0) }
  }

  /// Stops this process, which is continued in one of three ways.
  mutating func stopAndBeContinued() {
    let me = getpid()
    let way = random.next(0...2)
    guard let friend = forkChild() else {
      while true {
        pause(microseconds: 3000)
        switch way {
        case 0: check(kill(me, SIGCONT), "kill")
        case 1: check(kill(parent, SIGCONT), "kill")
        default: check(kill(parent, SIGTERM), "kill")  // swinit adds SIGCONT
        }
      }
    }
    check(kill(me, SIGSTOP), "kill")
    check(kill(friend, SIGKILL), "kill")
    finishChild(friend, expecting: "killed 9")
    drain()
  }

  /// Runs a nested swinit whose command terminates in some way.
  mutating func runNested() {
    let status = random.next(0...255)
    let (words, end) = random.element([
      (["sh", "-c", "exit \(status)"], status), (["-c", "sh", "-c", "exit \(status)"], status),
      (["-k", "9s", "sh", "-c", "setsid sleep 1000 & sleep 1000 & exit \(status)"], status),
      (["-e", "\(status):9", "sh", "-c", "exit \(status)"], 9), (["-e", "300", "true"], 125),
      (["sh", "-c", "kill -9 $$"], 137), (["sh", "-c", "kill -ABRT $$"], 134),
      (["/nonexistent"], 127), (["/"], 126),
    ])
    finishChild(startNested(words), expecting: "exited \(end)")
  }

  /// Sends SIGTERM to a nested swinit at some moment; its command, once started, ignores SIGTERM.
  mutating func stopNested() {
    let nested = startNested([
      "-k", "\(random.next(0...30))ms", "sh", "-c",
      "trap '' TERM; setsid sleep 1000 & sleep 1000",
    ])
    pause(microseconds: random.next(0...10_000))
    check(kill(nested, SIGTERM), "kill")
    finishChild(nested, expecting: "exited 137", "exited 143", "killed 15")
  }

  /// Kills a nested swinit, whose command the outer swinit adopts.
  mutating func killNested() {
    let nested = startNested(["sleep", "1000"])
    count("orphans")
    guard wait(until: { !children(of: nested).isEmpty }) else { fail("no COMMAND") }
    let command = children(of: nested)[0]
    check(kill(nested, SIGKILL), "kill")
    finishChild(nested, expecting: "killed 9")
    guard wait(until: { children(of: parent).contains(command) }) else { fail("not adopted") }
    finish(command)
  }

  /// Lets forks fail for a while, of this process and of a nested swinit that starts.
  mutating func failToFork() {
    let (gate, gateKeeper) = makePipe()
    guard let nested = forkChild() else {
      check(setpgid(0, 0), "setpgid")
      close(gateKeeper)
      var byte = 0 as UInt8
      _ = unsafe read(gate, &byte, 1)
      close(gate)
      check(probe_set_mask(0), "rt_sigprocmask")
      become([swinit, "true"])
    }
    write("1", toFile: pidsLimit)
    for _ in 1...10 {
      let child = fork()
      if child == 0 { _exit(99) }
      if child > 0 || probe_errno() != EAGAIN { fail("a fork was not refused") }
      count("refused")
    }
    close(gate)
    close(gateKeeper)
    finishChild(nested, expecting: "exited 125")
    write("max", toFile: pidsLimit)
  }

  /// Starts a nested swinit in a group of its own, which receives no signals for this process's
  /// group.
  private func startNested(_ words: [String]) -> pid_t {
    guard let nested = forkChild() else {
      check(setpgid(0, 0), "setpgid")
      check(probe_set_mask(0), "rt_sigprocmask")
      become([swinit] + words)
    }
    return nested
  }

  /// Waits for a child, which must terminate in one of these ways.
  private mutating func finishChild(_ child: pid_t, expecting ends: String...) {
    var status: Int32 = 0
    check(unsafe waitpid(child, &status, 0), "waitpid")
    if !ends.contains(ending(status)) { fail("child ended: \(ending(status)), not \(ends)") }
    count("children")
  }
}

/// Gives the next processes IDs from this number on, even if they were used before.
func recycleNumbers(from number: Int) {
  write("\(number - 1)", toFile: "/proc/sys/kernel/ns_last_pid")
}
