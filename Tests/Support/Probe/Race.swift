import CProbe

/// `race-signals COUNT SEED namespace|plain COMMAND…` starts the command COUNT times and sends it
/// SIGTERM at a random moment of its first 5 ms, or as soon as it has blocked SIGTERM if that is
/// later. It prints how often each ending occurred, and how often a child was left or the signal
/// was lost.
func race(_ words: [String]) -> Never {
  var random = Random(state: UInt64(number(words, 1)))
  let namespace = words.count > 2 && words[2] == "namespace"
  check(probe_become_subreaper(), "prctl")
  var ends: [String: Int] = [:]
  for _ in 0..<number(words, 0) {
    let delay = Int(random.next() % 5000)
    let child = check(namespace ? probe_fork_namespace() : fork(), "clone")
    if child == 0 { become(Array(words[3...])) }
    let start = microseconds()
    pause(microseconds: delay)
    while takesTermination(child) == false && microseconds() - start < limit {}
    kill(child, SIGTERM)
    ends[end(of: child), default: 0] += 1
  }
  for (end, count) in ends.sorted(by: { $0.key < $1.key }) { say("\(count) \(end)") }
  _exit(0)
}

private func end(of child: pid_t) -> String {
  var status: Int32 = 0
  let start = microseconds()
  while unsafe waitpid(child, &status, WNOHANG) == 0 {
    if microseconds() - start > limit {
      killChildren()
      return "lost"
    }
    pause(microseconds: 50)
  }
  if waitpid(-1, nil, WNOHANG) >= 0 {
    killChildren()
    return "left a child behind"
  }
  return ending(status)
}

/// The time limit in microseconds.
private let limit = 30_000_000

/// Nil if the process has exited. The kernel does not show signals as blocked while a process waits
/// for them.
private func takesTermination(_ pid: pid_t) -> Bool? {
  guard let status = contents(of: "/proc/\(pid)/status"),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("SigBlk:") }),
    let mask = UInt64(line.dropFirst("SigBlk:\t".count), radix: 16)
  else { return nil }
  return mask >> UInt64(SIGTERM - 1) & 1 == 1 || status.contains("State:\tS")
}

private func microseconds() -> Int {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}
