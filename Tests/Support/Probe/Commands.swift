import CProbe

/// `members N`: a process group of N. Each member blocks all signals and prints those that it
/// receives.
func runMembers(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  var member = 0
  for index in 1..<max(number(words, 0), 1) where forkChild() == nil {
    member = index
    break
  }
  say("\(member) ready")
  reportSignals(of: member)
}

private func reportSignals(of member: Int) -> Never {
  while true {
    let signal = probe_take_signal(nil)
    if signal > 0 { say("\(member) \(signal)") }
  }
}

/// `abandon STATUS` leaves a member of its group, which prints the signals that it receives, and
/// exits.
func abandon(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  let (reader, writer) = makePipe()
  if forkChild() == nil {
    say("0 ready")
    close(writer)
    reportSignals(of: 0)
  }
  close(writer)
  var byte = 0 as UInt8
  _ = unsafe read(reader, &byte, 1)
  _exit(Int32(number(words, 0)))
}

/// `die SIGNAL` is killed by the signal, whichever signals were blocked or ignored.
func die(_ words: [String]) -> Never {
  let signal = Int32(number(words, 0))
  check(probe_limit(Int32(RLIMIT_CORE.rawValue), 0), "setrlimit")
  _ = probe_set_action(signal, 0)
  check(probe_set_mask(0), "rt_sigprocmask")
  check(kill(getpid(), signal), "kill")
  fail("survived signal \(signal)")
}

/// `orphan KIND` creates an orphan, and prints which process adopted and reaped it. The kinds are
/// `double-forked` and `setsid`, which also leaves the group and the session.
func makeOrphan(_ words: [String]) -> Never {
  let parent = getppid()
  let (reader, writer) = makePipe()
  guard let middle = forkChild() else {
    if words.first == "setsid" { check(setsid(), "setsid") }
    let middle = getpid()
    if forkChild() == nil {
      _ = wait { getppid() != middle }
      write("\(getpid()) \(getppid())", to: writer)
      _exit(3)
    }
    _exit(0)
  }
  close(writer)
  check(waitpid(middle, nil, 0), "waitpid")
  var bytes = [UInt8](repeating: 0, count: 64)
  let count = check(unsafe read(reader, &bytes, bytes.count), "read")
  let pids = bytes[..<count].split(separator: UInt8(ascii: " "))
    .compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
  guard pids.count == 2 else { fail("the orphan reported nothing") }
  say(pids[1] == parent ? "adopted by the parent" : "adopted by another")
  say(wait { kill(pids[0], 0) != 0 } ? "reaped" : "left")
  _exit(0)
}

/// `orphans N` creates N orphans, 500 of which exit at a time, and waits until each has been
/// reaped.
func makeOrphans(_ words: [String]) -> Never {
  var left = number(words, 0)
  while left > 0 {
    let batch = min(left, 500)
    for orphan in makeOrphans(batch) where !wait(until: { kill(orphan, 0) != 0 }) {
      fail("orphan \(orphan) is left")
    }
    left -= batch
  }
  say("reaped")
  _exit(7)
}

/// Creates orphans that exit at the same time.
private func makeOrphans(_ count: Int) -> [pid_t] {
  let (gate, gateKeeper) = makePipe()
  let orphans = makeOrphans(count) { _ in
    close(gateKeeper)
    var byte = 0 as UInt8
    _ = unsafe read(gate, &byte, 1)
    _exit(0)
  }
  close(gate)
  close(gateKeeper)
  return orphans
}

/// Creates orphans, each of which calls `live` with its index. With `whenStopped`, they stop
/// themselves and are orphaned after that.
func makeOrphans(
  _ count: Int, whenStopped: Bool = false, _ live: (Int) -> Never
) -> [pid_t] {
  let (reader, writer) = makePipe()
  guard let maker = forkChild() else {
    close(reader)
    for index in 0..<count {
      guard var orphan = forkChild() else {
        close(writer)
        live(index)
      }
      if whenStopped { waitForStop(of: orphan) }
      _ = unsafe CProbe.write(writer, &orphan, MemoryLayout<pid_t>.size)
    }
    _exit(0)
  }
  close(writer)
  var orphans: [pid_t] = []
  var orphan: pid_t = 0
  while unsafe read(reader, &orphan, MemoryLayout<pid_t>.size) > 0 { orphans.append(orphan) }
  check(waitpid(maker, nil, 0), "waitpid")
  close(reader)
  return orphans
}

/// Waits until a child has stopped or exited, and leaves the change for its adoptive parent to see.
private func waitForStop(of child: pid_t) {
  var information = unsafe siginfo_t()
  let changes = WSTOPPED | WEXITED | WNOWAIT
  check(unsafe waitid(P_PID, id_t(child), &information, changes), "waitid")
}

/// `signal-parent SIGNAL` sends the signal at once and then waits until a signal kills it.
func signalParent(_ words: [String]) -> Never {
  check(kill(getppid(), Int32(number(words, 0))), "kill")
  while true { pause(microseconds: 900_000) }
}

/// `forge-sender SIGNAL SENDER` sends the parent a signal that seems to come from process SENDER,
/// or from the kernel if SENDER is `kernel`, and exits when it receives the forwarded signal.
func forgeSender(_ words: [String]) -> Never {
  check(probe_set_mask(~0), "rt_sigprocmask")
  let signal = Int32(number(words, 0))
  if words.count > 1, words[1] == "kernel" {
    let (reader, writer) = makePipe()
    check(probe_signal_on_input(reader, getppid(), signal), "fcntl")
    write("x", to: writer)
  } else {
    check(probe_forge_sender(getppid(), signal, pid_t(number(words, 1))), "rt_sigqueueinfo")
  }
  _exit(probe_take_signal(nil))
}

/// `descriptors` lists the open descriptors, and the file of each one above 2.
func listDescriptors() -> Never {
  for descriptor in 0..<1024 as Range<Int32> where probe_is_open(descriptor) != 0 {
    var file = stat()
    check(unsafe fstat(descriptor, &file), "fstat")
    say(descriptor < 3 ? "\(descriptor)" : "\(descriptor) \(file.st_dev) \(file.st_ino)")
  }
  _exit(0)
}
