import TestSupport
import Testing

@Suite("Programs that log through PID 1", .mostlyWaits)
struct LogThroughInitTests {
  @Test("The command can write to /proc/1/fd/1 and /proc/1/fd/2", .needs(.namespaces))
  func standardStreams() throws {
    let script = "echo log >/proc/1/fd/1; echo error >/proc/1/fd/2"
    let outcome = try Run.swinit("sh", "-c", script, at: .processOne).outcome()
    #expect(outcome == Outcome(ending: .exited(0), output: "log\n", errors: "error\n"))
  }

  @Test(
    "The command of an ordinary user, who owns the streams, can write to /proc/1/fd/1 and /proc/1/fd/2",
    .needs(.root))
  func ordinaryUser() throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let user = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    let script = "echo log >/proc/1/fd/1; echo error >/proc/1/fd/2"
    // Engines make the container's user the owner of the streams, too.
    let outcome = try Run(
      ["sh", "-c", "chown 54321 /proc/self/fd/1 /proc/self/fd/2; exec \"$@\"", "sh"]
        + Place.processOne.wrapper + user + [swinit, "sh", "-c", script], of: swinit
    ).outcome()
    #expect(outcome == Outcome(ending: .exited(0), output: "log\n", errors: "error\n"))
  }
}
