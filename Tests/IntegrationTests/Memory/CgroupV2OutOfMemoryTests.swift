import Foundation
import TestSupport
import Testing

/// Cgroup v2 alone, in a kernel that these tests boot: User-mode Linux, whose files are this
/// machine's. It boots once, runs a script, and ends.
@Suite struct CgroupV2OutOfMemoryTests {
  /// A worker is named, while COMMAND lives on; as PID 1 and not, with a cgroup namespace and
  /// without one, and in a group with another below it that the memory isn't accounted to.
  @Test(.needs(UnifiedKernel.needs), arguments: ["plain", "namespace", "pid1", "below"])
  func killsAWorker(_ section: String) throws {
    let lines = try UnifiedKernel.said(in: section)
    try #require(lines.count == 3, "\(lines)")
    let end = "swinit: out of memory: the kernel killed process \(lines[0]) (dd); the limit is "
    #expect(lines[1].hasPrefix(end + "32 MiB; the peak was 3"))
    #expect(lines[2] == "status 3")
  }

  @Test(
    "on cgroup v2, the limit that is named is that of the group above which ran out",
    .needs(UnifiedKernel.needs))
  func limitOfParent() throws {
    let lines = try UnifiedKernel.said(in: "parent")
    try #require(lines.count == 3, "\(lines)")
    let end = "swinit: out of memory: the kernel killed process \(lines[0]) (dd); the limit is "
    #expect(lines[1].starts(with: end + "20 MiB; the peak was "))
    #expect(lines[1].contains(/the peak was (19|20)(\.\d)? MiB/))
    #expect(lines[2] == "status 3")
  }

  @Test(
    "on cgroup v2, no limit is named if the group that ran out can't be seen",
    .needs(UnifiedKernel.needs))
  func hiddenLimit() throws {
    let lines = try UnifiedKernel.said(in: "above")
    try #require(lines.count == 3, "\(lines)")
    #expect(
      lines[1...] == [
        "swinit: out of memory: the kernel killed process \(lines[0]) (dd)", "status 3",
      ])
  }

  @Test(
    "a group of cgroup v2 is found whose name and mount have a space and a backslash in them",
    .needs(UnifiedKernel.needs), arguments: ["names", "mounts"])
  func oddNames(_ section: String) throws {
    let lines = try UnifiedKernel.said(in: section)
    try #require(lines.count == 3, "\(lines)")
    let end = "swinit: out of memory: the kernel killed process \(lines[0]) (dd); the limit is "
    #expect(lines[1].hasPrefix(end + "32 MiB; the peak was 3"))
    #expect(lines[2] == "status 3")
  }

  /// Where the group can't be found, since the hierarchy was mounted outside of the namespace,
  /// swinit says what it knows, and doesn't guess.
  @Test(.needs(UnifiedKernel.needs)) func isNotGuessed() throws {
    let lines = try UnifiedKernel.said(in: "hidden")
    try #require(lines.count == 3, "\(lines)")
    let end = "swinit: process \(lines[0]) (dd) was killed by SIGKILL, which swinit did not send"
    #expect(lines[1...] == [end, "status 3"])
  }

  /// COMMAND itself uses up the memory: the status, the warning and the termination log say so.
  @Test(.needs(UnifiedKernel.needs)) func killsCOMMAND() throws {
    let lines = try UnifiedKernel.said(in: "command")
    try #require(lines.count == 3, "\(lines)")
    #expect(
      lines[0].starts(
        with: /swinit: out of memory: the kernel killed process \d+ \(dd\); the limit is 32 MiB;/))
    #expect(lines[1] == "status 137")
    #expect(
      lines[2].starts(with: /'dd' \(process \d+\) was killed by SIGKILL, out of memory, after\s/))
  }

  /// One that somebody kills is told of as such.
  @Test(.needs(UnifiedKernel.needs)) func isNotAKill() throws {
    let lines = try UnifiedKernel.said(in: "kill")
    let words = "(sleep) was killed by SIGKILL, which swinit did not send"
    try #require(lines.count == 2)
    #expect(lines[0].starts(with: /swinit: process \d+ \(sleep\)/) && lines[0].hasSuffix(words))
    #expect(lines[1] == "status 3")
  }

  /// With `memory.oom.group`, which Kubernetes sets, swinit is killed with all others, and can't
  /// say a word: only the count that is seen from outside tells.
  @Test(.needs(UnifiedKernel.needs)) func killsTheWholeGroup() throws {
    let lines = try UnifiedKernel.said(in: "group")
    #expect(lines.filter { $0.contains("swinit: ") } == [])
    #expect(lines.contains("status 137"))
    #expect(lines.contains("oom_group_kill 1"))
  }

  /// It isn't what this machine has: the tests' own instrument works.
  @Test(.needs(UnifiedKernel.needs)) func isUnified() throws {
    #expect(try UnifiedKernel.said(in: "kernel") == ["0::/"])
  }
}

/// The machine, and what it says.
private enum UnifiedKernel {
  static let needs = UserModeMachine.needs + [.program("unshare")]

  /// What was said in a section of the script, line by line.
  static func said(in section: String) throws -> [String] {
    let lines = try transcript.get().split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: "== \(section)"))
    return Array(lines[(start + 1)...].prefix { !$0.hasPrefix("== ") })
  }

  private static let transcript = Result<String, any Error> {
    let directory = try TemporaryDirectory()
    return try UserModeMachine.said(by: script(directory.path), in: directory)
  }

  /// What the machine runs. The hierarchy isn't where it usually is.
  private static func script(_ directory: String) -> String {
    """
    mkdir \(directory)/groups \(directory)/inner
    mount -t cgroup2 cgroup2 \(directory)/groups
    cd \(directory)/groups
    echo '== kernel'
    cat /proc/self/cgroup
    echo +memory >cgroup.subtree_control

    # group NAME COMMAND...: runs it in a group of its own
    group() {
      mkdir -p "$1"
      echo 32M >"$1/memory.max"
      sh -c 'echo 0 >"$0/cgroup.procs"; exec "$@"' "$@"
      echo "status $?"
    }
    eat='dd if=/dev/zero of=/dev/null bs=100M count=1'
    gone='while kill -0 $pid; do sleep 0.02; done 2>/dev/null; exit 3'
    # The kernel takes another victim if a process needs memory while the first one dies. The shell
    # needs none: it waits in one system call until the worker has closed the pipe, which comes after
    # its memory is free.
    mkfifo \(directory)/gate \(directory)/exits
    worker="pid=\\$(sh -c 'read go <\(directory)/gate; exec $eat >\(directory)/exits 2>&1' >/dev/null & echo \\$!)
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
    sh -c 'echo 32M >below/memory.max; echo 0 >below/deeper/cgroup.procs; exec "$@"' sh \
      \(Swinit.path) sh -c "$worker"
    echo "status $?"
    echo '== parent'
    # nested NAME COMMAND...: runs it in a group with 1 GiB, in one with 20 MiB
    nested() {
      mkdir $1
      echo 20M >$1/memory.max
      echo +memory >$1/cgroup.subtree_control
      mkdir $1/own
      echo 1G >$1/own/memory.max
      sh -c 'echo 0 >$0/own/cgroup.procs; exec "$@"' "$@"
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
