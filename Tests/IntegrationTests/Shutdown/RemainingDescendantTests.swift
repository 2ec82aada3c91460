import Glibc
import TestSupport
import Testing

@Suite struct RemainingDescendantTests {
  /// When COMMAND exits, TERM goes to what is left of its group, and swinit leaves at once with
  /// COMMAND's status.
  @Test func isToldToEnd() throws {
    let run = try Run.swinit("--", probe, "abandon", "5", at: .plain)
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    try run.expect(line: "0 15")
  }

  /// So is one whose parent is no child of swinit's, and has left the group itself.
  @Test func isFoundBehindOthers() throws {
    let script = "(\"$0\" members 1 & exec setsid sleep 1000) & wait"
    let run = try Run.swinit("-v", "sh", "-c", script, probe, at: .plain)
    try run.expect(line: "0 ready")
    let command = try run.wait(for: "the parent in a session of its own") {
      ProcessTable().descendants(of: run.nest).first { $0.name == "sleep" }?.parent
    }
    try check(kill(command, SIGKILL))
    try run.expect(line: "0 15")
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(137))
    #expect(
      outcome.errors.contains(
        "swinit: sent SIGTERM to what is left of process group \(command)\n"))
  }

  /// TERM is rewritten if the user wants so.
  @Test func isToldInTheWordsOfTheUser() throws {
    let run = try Run.swinit("-r", "TERM:USR1", "--", probe, "abandon", "5", at: .plain)
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    try run.expect(line: "0 10")
  }

  /// With `--single-child` nothing is sent.
  @Test func isLeftAlone() throws {
    let run = try Run.swinit("-c", "--", probe, "abandon", "5", at: .plain)
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    let member = try run.wait(for: "the member") {
      ProcessTable().children(of: run.nest).first { $0.name == "Probe" }?.id
    }
    try check(kill(member, SIGUSR2))
    try run.expect(line: "0 12")
  }

  /// As PID 1, swinit leaves at once, and the kernel ends the rest.
  @Test(.needs(.namespaces)) func endsWithPID1() throws {
    let run = try Run.swinit("--", probe, "abandon", "5", at: .processOne)
    try run.expect(ending: .exited(5))
    #expect(ProcessTable().descendants(of: run.nest).isEmpty)
  }
}
