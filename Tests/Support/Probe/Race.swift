import CProbe

/// `race-signals COUNT SEED namespace|plain COMMAND…`: starts the command again and again, and sends
/// TERM to it at a random moment of its first 5 ms, or as soon as it has TERM blocked if that is
/// later. Says how each ended, what left a child behind, and what took no notice.
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

/// How long something may take at most, in microseconds: what takes longer doesn't come.
private let limit = 30_000_000

/// Nil if the process has gone. While it waits for signals, the kernel doesn't show them as blocked.
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
