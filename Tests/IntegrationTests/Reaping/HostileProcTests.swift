import TestSupport
import Testing

/// A COMMAND that may mount can put anything in the place of `/proc`. That is no way to hold up its
/// init.
@Suite(.needs(.root)) struct HostileProcTests {
  /// Pipes that nobody writes to are where the files of processes should be, and those of the
  /// control group.
  @Test(arguments: ["stat", "comm"]) func isNotWaitedFor(file: String) throws {
    let script = """
      sleep 1000 & orphan=$!
      sh -c 'kill -KILL $$' &
      mount -t tmpfs tmpfs /proc && ln -s 1 /proc/self
      for process in 1 $$ $orphan $!; do mkdir /proc/$process && mkfifo /proc/$process/\(file); done
      mkfifo /proc/1/cgroup /proc/1/mountinfo
      exit 7
      """
    let run = try Run.swinit(
      "-vvw", "-k", "100ms", "--zombie-check", "20ms", "sh", "-c", script, at: .processOne)
    #expect(try run.outcome().ending == .exited(7))
  }
}
