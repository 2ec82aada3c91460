import Foundation
import TestSupport
import Testing

/// These tests boot a kernel that has cgroup v2 alone: User-mode Linux, with one processor, on which the
/// parent of a victim often reaps it before anybody can look.
@Suite("The watch on a cgroup v2") struct CgroupV2WatchTests {
  /// What swinit reported, and what truly happened.
  private struct Story {
    /// The workers that the kernel killed.
    let killed: [String]
    /// The processes that swinit named.
    let named: [String]
    /// How many it only counted.
    let counted: Int
    /// How many the kernel counted.
    let kills: Int?

    init(_ lines: [String]) {
      killed = lines.compactMap { $0.wholeMatch(of: /killed (\d+)/).map { String($0.1) } }
      let prefix = "swinit: out of memory: the kernel killed "
      let messages = lines.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
      named = messages.compactMap {
        $0.firstMatch(of: /^(?:a process, most likely )?process (\d+)/).map { String($0.1) }
      }
      counted = messages.compactMap { $0.firstMatch(of: /^(\d+) process/).flatMap { Int($0.1) } }
        .reduce(0, +)
      kills = lines.compactMap { $0.wholeMatch(of: /oom_kill (\d+)/).flatMap { Int($0.1) } }.last
    }
  }

  /// As PID 1 and not, and beside processes that exit at the same time.
  @Test(
    "Workers that the kernel kills and the command reaps at once are all reported, and no other process",
    .needs(WatchedKernel.needs), arguments: ["workers", "plain", "bystanders"])
  func workers(_ section: String) throws {
    let lines = try WatchedKernel.output(of: section)
    let story = Story(lines)
    #expect(lines.contains("done"))
    #expect(story.killed.count == WatchedKernel.workers)
    #expect(story.kills == WatchedKernel.workers)
    #expect(story.named.count + story.counted == WatchedKernel.workers, "\(lines)")
    #expect(Set(story.named).count == story.named.count)
    #expect(story.named.filter { !story.killed.contains($0) } == [])
    let others = lines.filter { $0.hasPrefix("swinit: ") && !$0.contains("out of memory") }
    #expect(others == [])
  }

  @Test(
    "A refused fork at the cgroup's limit is reported with the parent of the zombies or of the children",
    .needs(WatchedKernel.needs),
    arguments: [
      ("zombies", "zombies", ", which must wait() for them"),
      ("running", "children", ", and have not exited"),
    ])
  func processLimit(_ section: String, _ kind: String, _ end: String) throws {
    let lines = try WatchedKernel.output(of: section)
    #expect(lines.contains("refused"))
    let messages = lines.filter { $0.hasPrefix("swinit: ") }
    #expect(!messages.isEmpty && messages.count <= 6, "\(lines)")
    for message in messages {
      let match = try #require(
        message.firstMatch(of: /^swinit: process limit reached: 40 of 40; (\d+) are (.*)$/),
        "\(lines)")
      #expect(Int(match.1).map { 30...39 ~= $0 } == true, "\(message)")
      #expect(match.2.hasPrefix("\(kind) of process ") && match.2.hasSuffix(end), "\(message)")
    }
  }

  @Test(
    "A refused fork is not reported when the limit of another cgroup was reached",
    .needs(WatchedKernel.needs))
  func limitOfParent() throws {
    let lines = try WatchedKernel.output(of: "above")
    #expect(lines.filter { $0.hasPrefix("swinit: ") } == [])
    #expect(lines.contains("refused"))
  }

  /// swinit and the command live, since the OOM killer leaves processes with this score alone.
  @Test(
    "With memory.oom.group, a swinit that lives reports all processes of the group in one message",
    .needs(WatchedKernel.needs))
  func groupKill() throws {
    let lines = try WatchedKernel.output(of: "group")
    #expect(lines.contains("done"))
    #expect(lines.contains("oom_group_kill 1"))
    // The kernel may count the one that it chose once more as a member of the group.
    let kills = lines.compactMap { $0.wholeMatch(of: /oom_kill (\d+)/).flatMap { Int($0.1) } }
    #expect(kills == [3] || kills == [4])
    let messages = lines.filter { $0.hasPrefix("swinit: ") }
    let match = messages.first?.firstMatch(
      of:
        /^swinit: out of memory: the kernel killed (\d+) processes of a control group with memory\.oom\.group; limit 64 MiB/
    )
    #expect(messages.count == 1 && kills == [match.flatMap { Int($0.1) }], "\(lines)")
  }

  @Test(
    "With -v, swinit says which files of the cgroup it watches, and has three more descriptors",
    .needs(WatchedKernel.needs))
  func descriptors() throws {
    let lines = try WatchedKernel.output(of: "descriptors")
    #expect(lines.contains("swinit: watching the control group's memory.events and pids.events"))
    #expect(lines.contains("of swinit 0 1 2 3 4 5"))
  }
}

/// The kernel and its output.
private enum WatchedKernel {
  static let needs = UserModeMachine.needs + [.program("unshare")]
  static let workers = 12

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

    # group NAME COMMAND...: runs COMMAND in a cgroup of its own
    group() {
      sh -c 'echo 0 >"$0/cgroup.procs"; exec "$@"' "$@"
      echo "status $?"
    }
    pid1='unshare -fp --mount-proc --kill-child'
    cat >\(directory)/workers <<'END'
    count=0
    while [ $count -lt \(workers) ]; do
      # Otherwise the kernel could choose the shell, which allocates memory while the worker dies.
      (echo 1000 >/proc/self/oom_score_adj
        exec dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null) &
      wait $! 2>/dev/null
      echo killed $!
      count=$((count + 1))
    done
    echo done
    kill $bystanders 2>/dev/null
    wait
    END
    bystanders='(while :; do sleep 0.05; done) & bystanders=$!'
    # workers NAME LAUNCHER PREPARATION
    workers() {
      echo "== $1"
      mkdir $1
      echo 64M >$1/memory.max
      group $1 $2 \(Swinit.path) sh -c "$3
        . \(directory)/workers"
      grep '^oom_kill ' $1/memory.events
    }
    workers workers "$pid1" ''
    workers plain '' ''
    workers bystanders "$pid1" "$bystanders"
    # limit NAME GROUP KIND
    limit() {
      echo "== $1"
      sleep 2 | group $2 $pid1 \(Swinit.path) \(probe) leak $3
    }
    mkdir zombies running above
    for name in zombies running above; do echo 40 >$name/pids.max; done
    echo '+memory +pids' >above/cgroup.subtree_control
    mkdir above/own
    limit zombies zombies zombies
    limit running running running
    limit above above/own zombies
    echo '== group'
    mkdir group
    echo 64M >group/memory.max
    echo 1 >group/memory.oom.group
    cat >\(directory)/members <<'END'
    for bystander in 1 2; do
      (echo 0 >/proc/self/oom_score_adj; exec sleep 1000) &
      until grep -qx 0 /proc/$!/oom_score_adj; do :; done
    done
    (echo 0 >/proc/self/oom_score_adj; exec dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null) &
    wait
    echo done
    END
    group group sh -c 'echo -1000 >/proc/self/oom_score_adj; exec "$@"' sh \
      $pid1 \(Swinit.path) sh \(directory)/members
    grep kill group/memory.events
    echo '== descriptors'
    mkdir descriptors
    group descriptors $pid1 \(Swinit.path) -v sh -c '
      until [ -e /proc/1/fd/5 ]; do sleep 0.1; done; echo of swinit $(ls /proc/1/fd)'
    """
  }
}
