import CProbe

/// `tree` is a command with descendants that react to SIGTERM in different ways. Each prints its
/// kind and each SIGTERM, SIGINT or SIGUSR1 that it receives.
///
/// The command exits with 7 on SIGTERM and with 5 on SIGUSR1.
func growTree() -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  let (reader, writer) = makePipe()
  for kind in Descendant.allCases where forkChild() == nil {
    close(reader)
    kind.live(until: writer)
  }
  close(writer)
  var byte = 0 as UInt8
  while unsafe read(reader, &byte, 1) > 0 {}
  // All descendants have closed their ends of the pipe: they are ready.
  say("COMMAND ready")
  while true {
    switch takeSignal("COMMAND") {
    case SIGTERM: _exit(7)
    case SIGUSR1: _exit(5)
    default: break
    }
  }
}

private enum Descendant: String, CaseIterable {
  /// Exits 300 ms after SIGTERM.
  case slow
  /// Ignores SIGTERM.
  case deaf
  /// Ignores SIGTERM, and has left its parent, the group and the session.
  case daemon
  /// Ignores SIGTERM, and is stopped when it arrives.
  case stopped
  /// Forks another child on each SIGTERM.
  case forker

  func live(until writer: Int32) -> Never {
    if self == .daemon {
      check(setsid(), "setsid")
      if forkChild() != nil { _exit(0) }
    }
    close(writer)
    if self == .stopped { check(kill(getpid(), SIGSTOP), "kill") }
    while true {
      guard takeSignal(rawValue) == SIGTERM else { continue }
      switch self {
      case .slow:
        pause(microseconds: 300_000)
        say("slow finished")
        _exit(0)
      case .forker:
        if forkChild() == nil {
          say("forked ready")
          while true { _ = takeSignal("forked") }
        }
      case .deaf, .daemon, .stopped: break
      }
    }
  }
}

/// Takes a signal and prints it.
private func takeSignal(_ name: String) -> Int32 {
  let signal = check(probe_take_signal(nil), "rt_sigtimedwait")
  if [SIGTERM, SIGINT, SIGUSR1].contains(signal) { say("\(name) \(signal)") }
  return signal
}

/// `leave-behind MILLISECONDS` exits with 7 on SIGTERM. A descendant in a session of its own exits
/// that long after its SIGTERM, and prints the time in nanoseconds.
func leaveBehind(_ words: [String]) -> Never {
  let milliseconds = number(words, 0)
  check(probe_set_mask(~0), "rt_sigprocmask")
  guard forkChild() != nil else {
    check(setsid(), "setsid")
    say("rest ready")
    while takeSignal("rest") != SIGTERM {}
    pause(milliseconds: milliseconds)
    say("rest gone \(nanoseconds())")
    _exit(0)
  }
  while takeSignal("COMMAND") != SIGTERM {}
  _exit(7)
}

/// `leave-zombies N STATUS` leaves N children that have exited.
func leaveZombies(_ words: [String]) -> Never {
  var information = unsafe siginfo_t()
  for _ in 0..<number(words, 0) {
    guard let child = forkChild() else { _exit(0) }
    check(unsafe waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT), "waitid")
  }
  _exit(Int32(number(words, 1)))
}

/// `leave` prints the time in nanoseconds and exits.
func leave() -> Never {
  say("rest gone \(nanoseconds())")
  _exit(0)
}

/// `timed COMMAND…` prints the time in nanoseconds at which the command exited, and exits with its
/// status.
func timeEnd(_ words: [String]) -> Never {
  guard let command = forkChild() else { become(words) }
  var status: Int32 = 0
  check(unsafe waitpid(command, &status, 0), "waitpid")
  say("ended \(nanoseconds())")
  _exit(Int32(probe_exited(status) != 0 ? probe_exit_code(status) : 128 + probe_signal(status)))
}

private func pause(milliseconds: Int) {
  var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
  _ = unsafe nanosleep(&time, nil)
}

func nanoseconds() -> Int {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
