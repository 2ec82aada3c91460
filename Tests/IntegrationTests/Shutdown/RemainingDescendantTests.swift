import Glibc
import TestSupport
import Testing

@Suite("Remaining descendants", .mostlyWaits) struct RemainingDescendantTests {
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

  @Test(
    "At -v, swinit reports what it forwards to remaining members of the group, whatever it waits for",
    arguments: Place.available, [["--wait"], ["-k", "1h"]])
  func forwardingIsReported(at place: Place, _ options: [String]) throws {
    let run = try Run(
      of: Swinit.path, ["-v", "-r", "USR2:0"] + options + [probe, "abandon", "5"], at: place)
    try run.expect(line: "0 ready")
    let swinit = try run.swinit()
    try run.wait(until: "the command is reaped") {
      ProcessTable().descendants(of: swinit).count == 1
    }
    if options == ["-k", "1h"] {
      try run.expect(line: "0 15")
      try run.expect(line: "0 18")
    }
    try run.signal(SIGHUP)
    try run.expect(line: "0 1")
    try run.signal(SIGUSR2)
    var lines: [String] = []
    repeat { lines.append(try run.errorLine()) } while !lines[lines.count - 1].contains("SIGUSR2")
    #expect(
      lines.dropLast().last?.wholeMatch(
        of: /swinit: sent SIGHUP to the remaining members of process group \d+/) != nil, "\(lines)")
    #expect(lines.last?.hasPrefix("swinit: dropped SIGUSR2 from ") == true)
    #expect(lines.contains { $0.hasPrefix("swinit: sent SIGTERM to") } == (options[0] == "-k"))
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
