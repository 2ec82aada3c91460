import Foundation
import TestSupport
import Testing

/// These tests boot a kernel that has cgroup v2 alone: User-mode Linux, which sees this machine's
/// files. It boots once, runs a script and shuts down.
@Suite("Out-of-memory kills on cgroup v2", .mostlyWaits) struct CgroupV2OutOfMemoryTests {
  /// As PID 1 and not, with a cgroup namespace and without one, and in a cgroup below the one
  /// that has the limit.
  @Test(
    "On cgroup v2, an out-of-memory kill of a worker is reported with its name, the limit and the peak",
    .needs(CgroupV2Kernel.needs), arguments: ["plain", "namespace", "pid1", "below"])
  func worker(_ section: String) throws {
    let lines = try CgroupV2Kernel.transcript.get().section(section)
    try #require(lines.count == 3, "\(lines)")
    let end = "swinit: out of memory: the kernel killed process \(lines[0]) (dd); limit "
    #expect(lines[1].hasPrefix(end + "32 MiB, peak 3"))
    #expect(lines[2] == "status 3")
  }

  @Test(
    "On cgroup v2, the reported limit is that of the parent cgroup when the parent ran out of memory",
    .needs(CgroupV2Kernel.needs))
  func limitOfParent() throws {
    let lines = try CgroupV2Kernel.transcript.get().section("parent")
    try #require(lines.count == 3, "\(lines)")
    let end = "swinit: out of memory: the kernel killed process \(lines[0]) (dd); limit "
    #expect(lines[1].starts(with: end + "20 MiB, peak "))
    #expect(lines[1].contains(/peak (19|20)(\.\d)? MiB/))
    #expect(lines[2] == "status 3")
  }

  @Test(
    "On cgroup v2, no limit is reported when the cgroup that ran out of memory is not visible",
    .needs(CgroupV2Kernel.needs))
  func hiddenLimit() throws {
    let lines = try CgroupV2Kernel.transcript.get().section("above")
    try #require(lines.count == 3, "\(lines)")
    #expect(
      lines[1...] == [
        "swinit: out of memory: the kernel killed process \(lines[0]) (dd)", "status 3",
      ])
  }

  @Test(
    "On cgroup v2, a kill is attributed in a cgroup whose name or mount has a space and a backslash",
    .needs(CgroupV2Kernel.needs), arguments: ["names", "mounts"])
  func escapedNames(_ section: String) throws {
    let lines = try CgroupV2Kernel.transcript.get().section(section)
    try #require(lines.count == 3, "\(lines)")
    let end = "swinit: out of memory: the kernel killed process \(lines[0]) (dd); limit "
    #expect(lines[1].hasPrefix(end + "32 MiB, peak 3"))
    #expect(lines[2] == "status 3")
  }

  /// The hierarchy was mounted outside of the cgroup namespace.
  @Test(
    "On cgroup v2, a kill is not attributed to the OOM killer when swinit's cgroup is not visible",
    .needs(CgroupV2Kernel.needs))
  func hiddenCgroup() throws {
    let lines = try CgroupV2Kernel.transcript.get().section("hidden")
    try #require(lines.count == 3, "\(lines)")
    let end = "swinit: process \(lines[0]) (dd) was killed by SIGKILL, which swinit did not send"
    #expect(lines[1...] == [end, "status 3"])
  }

  @Test(
    "On cgroup v2, an out-of-memory kill of the command shows in the status, a warning and the termination log",
    .needs(CgroupV2Kernel.needs))
  func command() throws {
    let lines = try CgroupV2Kernel.transcript.get().section("command")
    try #require(lines.count == 3, "\(lines)")
    #expect(
      lines[0].starts(
        with: /swinit: out of memory: the kernel killed process \d+ \(dd\); limit 32 MiB,/))
    #expect(lines[1] == "status 137")
    #expect(
      lines[2].starts(with: /'dd' \(process \d+\) was killed by SIGKILL, out of memory, after\s/))
  }

  @Test(
    "On cgroup v2, a child that a process killed is not attributed to the OOM killer",
    .needs(CgroupV2Kernel.needs))
  func killByProcess() throws {
    let lines = try CgroupV2Kernel.transcript.get().section("kill")
    let message = "(sleep) was killed by SIGKILL, which swinit did not send"
    try #require(lines.count == 2)
    #expect(lines[0].starts(with: /swinit: process \d+ \(sleep\)/) && lines[0].hasSuffix(message))
    #expect(lines[1] == "status 3")
  }

  /// Kubernetes sets memory.oom.group. swinit is killed with all others and cannot report
  /// anything.
  @Test(
    "With memory.oom.group, an out-of-memory kill includes swinit, and only the cgroup's counter shows it",
    .needs(CgroupV2Kernel.needs))
  func groupKill() throws {
    let lines = try CgroupV2Kernel.transcript.get().section("group")
    #expect(lines.filter { $0.contains("swinit: ") } == [])
    #expect(lines.contains("status 137"))
    #expect(lines.contains("oom_group_kill 1"))
  }

  @Test("The kernel that these tests boot has cgroup v2 alone", .needs(CgroupV2Kernel.needs))
  func unifiedHierarchy() throws {
    #expect(try CgroupV2Kernel.transcript.get().section("kernel") == ["0::/"])
  }
}

/// The kernel and its output.
private enum CgroupV2Kernel {
  static let needs = UserModeMachine.needs + [.program("unshare")]

  static let transcript = Result<Transcript, any Error> {
    let directory = try TemporaryDirectory()
    return Transcript(try UserModeMachine.output(of: script(directory.path), in: directory))
  }

  /// The script that the kernel runs. The hierarchy is not mounted in its usual place.
  private static func script(_ directory: String) -> String {
    """
    mkdir \(directory)/groups \(directory)/inner
    mount -t cgroup2 cgroup2 \(directory)/groups
    cd \(directory)/groups
    echo '== kernel'
    cat /proc/self/cgroup
    echo +memory >cgroup.subtree_control

    # The worker alone may be killed, and sets its own score: on a busy machine the kernel chooses a second
    # victim before the memory of the first is free.
    export score=-1000
    # group NAME COMMAND...: runs COMMAND in a cgroup of its own
    group() {
      mkdir -p "$1"
      echo 32M >"$1/memory.max"
      sh -c 'echo 0 >"$0/cgroup.procs"; echo $score >/proc/self/oom_score_adj; exec "$@"' "$@"
      echo "status $?"
    }
    eat='dd if=/dev/zero of=/dev/null bs=100M count=1'
    gone='while kill -0 $pid; do sleep 0.02; done 2>/dev/null; exit 3'
    # If a process allocated memory while the worker dies, the kernel could choose it as another
    # victim. So the shell waits in one system call until the worker has closed a pipe, which it does
    # after it has freed its memory. A swinit with its tests' runtime is as large, so the worker is
    # the kernel's first choice.
    mkfifo \(directory)/gate \(directory)/exits
    worker="pid=\\$(sh -c 'echo 1000 >/proc/self/oom_score_adj
      read go <\(directory)/gate; exec $eat >\(directory)/exits 2>&1' >/dev/null & echo \\$!)
      echo \\$pid; echo go >\(directory)/gate; read nothing <\(directory)/exits; $gone"
    echo '== plain'
    group plain \(Swinit.path) sh -c "$worker"
    echo '== namespace'
    group namespace unshare -Cm sh -c 'mount -t cgroup2 none \(directory)/inner && exec "$@"' \
      sh \(Swinit.path) sh -c "$worker"
    echo '== hidden'
    group hidden unshare -C \(Swinit.path) sh -c "$worker"
    echo '== pid1'
    group pid1 unshare -fp --mount-proc --kill-child \(Swinit.path) sh -c "$worker"
    echo '== below'
    mkdir -p below/deeper
    sh -c 'echo 32M >below/memory.max; echo 0 >below/deeper/cgroup.procs
      echo $score >/proc/self/oom_score_adj; exec "$@"' sh \
      \(Swinit.path) sh -c "$worker"
    echo "status $?"
    echo '== parent'
    # nested NAME COMMAND...: runs COMMAND in a cgroup with 1 GiB inside one with 20 MiB
    nested() {
      mkdir $1
      echo 20M >$1/memory.max
      echo +memory >$1/cgroup.subtree_control
      mkdir $1/own
      echo 1G >$1/own/memory.max
      sh -c 'echo 0 >$0/own/cgroup.procs; echo $score >/proc/self/oom_score_adj; exec "$@"' "$@"
      echo "status $?"
    }
    nested parent \(Swinit.path) sh -c "$worker"
    echo '== above'
    nested above unshare -Cm sh -c 'mount -t cgroup2 none \(directory)/inner && exec "$@"' \
      sh \(Swinit.path) sh -c "$worker"
    echo '== names'
    group 'a b\\c' \(Swinit.path) sh -c "$worker"
    echo '== mounts'
    mkdir '\(directory)/in ner\\'
    group 'a b\\c' unshare -m sh -c 'mount --bind "$0/groups/a b\\c" "$0/in ner\\\\" &&
      cd / && umount -l "$0/groups" && exec "$@"' \(directory) \(Swinit.path) sh -c "$worker"
    score=0
    echo '== command'
    group command \(Swinit.path) --termination-log=\(directory)/log $eat
    cat \(directory)/log
    echo '== kill'
    group kill \(Swinit.path) sh -c "pid=\\$(sleep 1000 >/dev/null & echo \\$!)
      while read name </proc/\\$pid/comm && [ \\$name != sleep ]; do sleep 0.02; done
      kill -9 \\$pid; $gone"
    echo '== group'
    mkdir group
    echo 1 >group/memory.oom.group
    group group \(Swinit.path) sh -c "$worker"
    cat group/memory.events
    """
  }
}
