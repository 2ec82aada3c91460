import TestSupport
import Testing

/// These tests boot a kernel that has cgroup v2 alone: User-mode Linux.
@Suite("The cost of the watch on a cgroup v2", .mostlyWaits) struct CgroupV2WatchCostTests {
  @Test(
    "With the watch on, swinit makes no system call and does not wake up while nothing happens",
    .needs(WatchedKernel.needs))
  func whileIdle() throws {
    let lines = try WatchedKernel.output(of: "idle")
    try #require(lines.count == 2, "\(lines)")
    #expect(lines[0].wholeMatch(of: /idle \d+ calls, \d+ \d+ switches, \d+ \d+ switches/) != nil)
    #expect(lines[0] == lines[1])
  }

  @Test(
    "swinit makes the same system calls before the spawn whether there will be a watch or not",
    .needs(WatchedKernel.needs))
  func beforeTheSpawn() throws {
    let lines = try WatchedKernel.output(of: "spawn")
    try #require(lines.count == 2, "\(lines)")
    #expect(lines[0].hasPrefix("execve ") && lines[0].contains(" rt_sigprocmask "))
    #expect([" vfork ", " fork ", " clone ", " clone3 "].contains { lines[0].hasSuffix($0) })
    #expect(lines[0] == lines[1])
  }

  @Test(
    "With the watch on, swinit makes one call more for each signal that it takes, and none for an orphan",
    .needs(WatchedKernel.needs))
  func orphans() throws {
    let (off, on) = try (calls(in: "orphans unwatched"), calls(in: "orphans watched"))
    #expect(off.polls == 0 && on.polls > 0)
    for calls in [off, on] {
      let sweeps = calls["wait4"] - WatchedKernel.orphans - 1
      #expect(0...calls["rt_sigtimedwait"] + 1 ~= sweeps, "\(calls)")
    }
    #expect(on.polls <= on["rt_sigtimedwait"] + 2, "\(on)")
    // What the watch takes to begin doesn't depend on the orphans.
    let loop: Set = ["wait4", "rt_sigtimedwait", "poll", "ppoll"]
    for (name, count) in on.counts where !loop.contains(name) {
      #expect(count <= off[name] + 10, "\(on), without the watch \(off)")
    }
  }

  /// How often each system call was made.
  private struct Calls {
    let counts: [String: Int]

    subscript(name: String) -> Int { counts[name] ?? 0 }
    var polls: Int { self["poll"] + self["ppoll"] }
  }

  private func calls(in section: String) throws -> Calls {
    let lines = try WatchedKernel.output(of: section)
    let pairs = lines.compactMap { line in
      line.firstMatch(of: /^ *(\d+) ([a-z0-9_]+)$/).flatMap { match in
        Int(match.1).map { (String(match.2), $0) }
      }
    }
    return Calls(counts: Dictionary(pairs) { $0 + $1 })
  }
}

/// The kernel and its output.
private enum WatchedKernel {
  static let needs = UserModeMachine.needs + [.program("strace")]
  static let orphans = 200

  /// The lines that a section of the script printed.
  static func output(of section: String) throws -> [String] {
    let lines = try transcript.get().split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: "== \(section)"))
    return Array(lines[(start + 1)...].prefix { !$0.hasPrefix("== ") })
  }

  private static let transcript = Result<String, any Error> {
    let directory = try TemporaryDirectory()
    return try UserModeMachine.output(of: script(directory.path), in: directory)
  }

  private static func script(_ directory: String) -> String {
    """
    mkdir \(directory)/groups
    mount -t cgroup2 cgroup2 \(directory)/groups
    cd \(directory)/groups
    echo '+memory +pids' >cgroup.subtree_control
    mkdir watched

    # watched COMMAND...: runs COMMAND in a cgroup that can be watched, unlike the root
    watched() { sh -c 'echo 0 >watched/cgroup.procs; exec "$@"' sh "$@"; }

    echo '== idle'
    watched strace -o \(directory)/idle \(Swinit.path) sleep 1000 &
    watched \(Swinit.path) sleep 1000 &
    # Those of which the watch is on have three descriptors more.
    swinits() {
      for process in $(cat watched/cgroup.procs); do
        if [ /proc/$process/exe -ef \(Swinit.path) ] && [ -e /proc/$process/fd/5 ]; then
          echo $process
        fi
      done
    }
    until [ $(swinits | wc -l) = 2 ]; do sleep 0.1; done
    state() {
      echo idle $(wc -l <\(directory)/idle) calls, $(for process in $(swinits); do
        sed -n 's/.*_switches:.//p' /proc/$process/status; done |
        paste -d ' ' - - | sed 's/$/ switches/' | paste -s -d , | sed 's/,/, /')
    }
    until before=$(state); sleep 1; [ "$(state)" = "$before" ]; do :; done
    # The promise is about time that passes.
    sleep 10
    echo $before
    state
    for process in $(swinits); do kill -TERM $process; done
    wait

    echo '== spawn'
    strace -o \(directory)/outside \(Swinit.path) /bin/true
    watched strace -o \(directory)/inside \(Swinit.path) /bin/true
    for trace in outside inside; do
      sed '/^\\(clone\\|v\\?fork\\)/q' \(directory)/$trace | sed 's/(.*//' | tr '\\n' ' '
      echo
    done

    echo '== orphans unwatched'
    strace -o \(directory)/unwatched \(Swinit.path) \(probe) orphans \(orphans)
    sed 's/(.*//' \(directory)/unwatched | sort | uniq -c
    echo '== orphans watched'
    watched strace -o \(directory)/watched \(Swinit.path) sh -c '
      until [ -e /proc/$PPID/fd/5 ]; do sleep 0.1; done
      exec "$@"' sh \(probe) orphans \(orphans)
    sed 's/(.*//' \(directory)/watched | sort | uniq -c
    """
  }
}
