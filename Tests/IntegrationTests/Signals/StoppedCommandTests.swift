import Glibc
import TestSupport
import Testing

@Suite struct StoppedCommandTests {
  /// When COMMAND is stopped and is asked to end, CONT follows the signal, which would stay pending
  /// otherwise.
  @Test(.needs(.namespaces), arguments: [SIGTERM, SIGINT, SIGQUIT, SIGHUP])
  func canBeEnded(by signal: Int32) throws {
    let run = try Run.swinit("sh", "-c", "echo ready; exec sleep 1000", at: .processOne)
    try run.expect(line: "ready")
    let command = try run.command()
    try check(kill(command, SIGSTOP))
    try run.wait(until: "COMMAND is stopped") { ProcessTable.Entry(command)?.state == "T" }
    try run.signal(signal)
    try run.expect(ending: .exited(128 + signal))
  }

  /// Another signal doesn't resume it; CONT does.
  @Test(.needs(.namespaces)) func isResumedByCONT() throws {
    let run = try Run.swinit(probe, "members", "1", at: .processOne)
    try run.expect(line: "0 ready")
    let command = try run.command()
    try check(kill(command, SIGSTOP))
    try run.wait(until: "COMMAND is stopped") { ProcessTable.Entry(command)?.state == "T" }
    try run.signal(SIGUSR1)
    try run.wait(until: "USR1 is pending") {
      status(of: command, "ShdPnd")?.hasSuffix("200") == true
    }
    #expect(ProcessTable.Entry(command)?.state == "T")
    try run.signal(SIGCONT)
    try run.expect(lines: ["0 10", "0 18"])
  }
}
