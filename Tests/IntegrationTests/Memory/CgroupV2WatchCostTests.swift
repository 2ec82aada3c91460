import Foundation
import TestSupport
import Testing

/// These tests boot a kernel that has cgroup v2 alone: User-mode Linux.
@Suite("The cost of the watch on a cgroup v2", .mostlyWaits) struct CgroupV2WatchCostTests {
  @Test(
    "With the watch on, swinit makes no system call and does not wake up while nothing happens",
    .needs(WatchedKernel.needs))
  func whileIdle() throws {
    let lines = try WatchedKernel.transcript.get().section("idle")
    try #require(lines.count == 2, "\(lines)")
    #expect(lines[0].wholeMatch(of: /idle \d+ calls, \d+ \d+ switches, \d+ \d+ switches/) != nil)
    #expect(lines[0] == lines[1])
  }

  @Test(
    "swinit makes the same system calls before the spawn whether there will be a watch or not",
    .needs(WatchedKernel.needs))
  func beforeTheSpawn() throws {
    let lines = try WatchedKernel.transcript.get().section("spawn")
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

  /// `PRESSURE=60 SWINIT=FILE swift test --filter CgroupV2WatchCostTests` takes five minutes, and prints the
  /// shares. A wake-up has its price, however many processes there are: up to 100 a second.
  @Test(
    "While the limit is hit all the time, swinit's processor time does not grow with the number of processes",
    .enabled(if: WatchedKernel.pressure != nil, "takes five minutes, with PRESSURE=60"),
    .needs(WatchedKernel.needs))
  func underPressure() throws {
    let lines = try WatchedKernel.underPressure()
    let shares = lines.compactMap { line in
      line.wholeMatch(of: /(\d+) processes: (\d+) of (\d+) ms, (\d+) hits, (\d+) wake-ups/)
        .flatMap { match in
          Double(match.2).flatMap { time in Double(match.3).map { time / $0 } }
        }
    }
    try #require(shares.count == 3, "\(lines)")
    print(lines.joined(separator: "\n"))
    #expect(shares[2] < 2 * shares[0] + 0.01, "\(lines)")
  }

  /// How often each system call was made.
  private struct Calls {
    let counts: [String: Int]

    subscript(name: String) -> Int { counts[name] ?? 0 }
    var polls: Int { self["poll"] + self["ppoll"] }
  }

  private func calls(in section: String) throws -> Calls {
    let lines = try WatchedKernel.transcript.get().section(section)
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

  static let transcript = Result<Transcript, any Error> {
    let directory = try TemporaryDirectory()
    return Transcript(try UserModeMachine.output(of: script(directory.path), in: directory))
  }

  /// For how many seconds the limit is hit, if at all.
  static let pressure = ProcessInfo.processInfo.environment["PRESSURE"].flatMap { Int($0) }

  static func underPressure() throws -> [String] {
    let directory = try TemporaryDirectory()
    return try UserModeMachine.output(
      of: pressureScript(directory.path), in: directory, within: 1000, options: ["mem=1500M"]
    ).split(separator: "\n").map(String.init)
  }

  /// What is read of a file is memory that the kernel takes back when the limit is hit.
  private static func pressureScript(_ directory: String) -> String {
    prologue(directory) + """
      truncate -s 1G \(directory)/file
      # The processor time in ms, that of the machine, hits of the limit, and wake-ups
      figures() {
        set -- $(cut -d ' ' -f 1 /proc/$1/schedstat) $(sed 's/[. ].*//' /proc/uptime) \\
          $(sed -n 's/^max //p' $2/memory.events) \\
          $(sed -n 's/^voluntary_ctxt_switches:.//p' /proc/$1/status)
        echo $(($1 / 1000000)) $(($2 * 1000)) $3 $4
      }
      for count in 5 100 2000; do
        mkdir $count
        echo 400M >$count/memory.max
        sh -c 'echo 0 >$0/cgroup.procs; exec "$@"' $count \(Swinit.path) sh -c "
          for process in \\$(seq $count); do sleep 100000 & done
          while :; do cat \(directory)/file; done >/dev/null" &
        swinit=$!
        until [ $(cat $count/pids.current) -ge $count ] &&
          [ $(sed -n 's/^max //p' $count/memory.events) -gt 100 ]; do sleep 0.5; done
        before=$(figures $swinit $count)
        sleep \(pressure ?? 0)
        set -- $before $(figures $swinit $count)
        echo "$count processes: $(($5 - $1)) of $(($6 - $2)) ms, $(($7 - $3)) hits, $(($8 - $4)) wake-ups"
        echo 1 >$count/cgroup.kill
        wait $swinit
      done 2>/dev/null
      """
  }

  private static func prologue(_ directory: String) -> String {
    """
    mkdir \(directory)/groups
    mount -t cgroup2 cgroup2 \(directory)/groups
    cd \(directory)/groups
    echo '+memory +pids' >cgroup.subtree_control

    """
  }

  private static func script(_ directory: String) -> String {
    prologue(directory) + """
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
