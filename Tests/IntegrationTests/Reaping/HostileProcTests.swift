import TestSupport
import Testing

/// A command that may mount file systems can replace `/proc` with anything.
@Suite("A hostile /proc", .mostlyWaits, .needs(.root)) struct HostileProcTests {
  @Test(
    "Pipes without a writer in place of the files in /proc do not hold up swinit",
    arguments: ["stat", "comm"])
  func pipes(file: String) throws {
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
