import Glibc
import TestSupport
import Testing

@Suite("A stopped command", .mostlyWaits) struct StoppedCommandTests {
  /// Otherwise the signal would stay pending.
  @Test(
    "A stop signal is followed by SIGCONT when the command is stopped", .needs(.namespaces),
    arguments: [SIGTERM, SIGINT])
  func stopSignal(by signal: Int32) throws {
    let run = try Run.swinit("sh", "-c", "echo ready; exec sleep 1000", at: .processOne)
    try run.expect(line: "ready")
    let command = try run.command()
    try check(kill(command, SIGSTOP))
    try run.wait(until: "the command is stopped") { ProcessTable.Entry(command)?.state == "T" }
    try run.signal(signal)
    try run.expect(ending: .exited(128 + signal))
  }

  @Test(
    "A stopped command continues on SIGCONT and on no other signal that is not a stop signal",
    .needs(.namespaces))
  func onlyCONTContinues() throws {
    let run = try Run.swinit(probe, "members", "1", at: .processOne)
    try run.expect(line: "0 ready")
    let command = try run.command()
    try check(kill(command, SIGSTOP))
    try run.wait(until: "the command is stopped") { ProcessTable.Entry(command)?.state == "T" }
    try run.signal(SIGUSR1)
    try run.wait(until: "USR1 is pending") {
      status(of: command, "ShdPnd")?.hasSuffix("200") == true
    }
    #expect(ProcessTable.Entry(command)?.state == "T")
    try run.signal(SIGCONT)
    try run.expect(lines: ["0 10", "0 18"])
  }
}
