import Glibc
import TestSupport
import Testing

@Suite("Remaining descendants") struct RemainingDescendantTests {
  @Test(
    "SIGTERM reaches the remaining members of the command's process group, and swinit exits at once"
  )
  func processGroup() throws {
    let run = try Run.swinit("--", probe, "abandon", "5", at: .plain)
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    try run.expect(line: "0 15")
  }

  @Test(
    "SIGTERM reaches a remaining member of the group whose parent left it and is no child of swinit"
  )
  func memberBehindOtherProcesses() throws {
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
        "swinit: sent SIGTERM to the remaining members of process group \(command)\n"))
  }

  @Test("The SIGTERM for remaining members of the group is rewritten as --rewrite says")
  func rewrittenSIGTERM() throws {
    let run = try Run.swinit("-r", "TERM:USR1", "--", probe, "abandon", "5", at: .plain)
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    try run.expect(line: "0 10")
  }

  @Test("With --single-child, remaining members of the group receive no signal")
  func singleChild() throws {
    let run = try Run.swinit("-c", "--", probe, "abandon", "5", at: .plain)
    try run.expect(line: "0 ready")
    try run.expect(ending: .exited(5))
    let member = try run.wait(for: "the member") {
      ProcessTable().children(of: run.nest).first { $0.name == "Probe" }?.id
    }
    try check(kill(member, SIGUSR2))
    try run.expect(line: "0 12")
  }

  @Test("PID 1 exits at once, and the kernel kills the remaining processes", .needs(.namespaces))
  func killedWithPID1() throws {
    let run = try Run.swinit("--", probe, "abandon", "5", at: .processOne)
    try run.expect(ending: .exited(5))
    #expect(ProcessTable().descendants(of: run.nest).isEmpty)
  }
}
