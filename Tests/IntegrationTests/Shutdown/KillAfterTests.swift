import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The --kill-after option", .mostlyWaits, .serialized) struct KillAfterTests {
  @Test(
    "A process of swinit's group that is not its descendant is not killed when the grace period expires",
    arguments: Place.available)
  func neighbours(at place: Place) throws {
    let run = try Run.swinit("-k", "4s", probe, "tree", at: place)
    try run.expect(line: "COMMAND ready")
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(7))
    #expect(run.straySignals() == [])
  }

  @Test(
    "PID 1 neither signals nor waits for a process that an engine started beside it", .needs(.root),
    .needs(.namespaces))
  func neighboursOfPID1() throws {
    let run = try Run.swinit("-k", "1h", probe, "leave-behind", "500", at: .processOne)
    try run.expect(line: "rest ready")
    let swinit = try run.swinit()
    let neighbour = try Run(["nsenter", "-t", "\(swinit)", "-p", "-m", probe, "members", "1"])
    try neighbour.expect(line: "0 ready")
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(7))
    // The kernel killed it with PID 1, and it had received no other signal.
    let outcome = try neighbour.outcome()
    #expect(outcome.output == "")
    #expect(outcome.ending != .exited(0))
  }

  @Test(
    "With --single-child and --kill-after, all remaining descendants receive SIGTERM after the command's exit",
    arguments: Place.available)
  func singleChild(at place: Place) throws {
    let run = try Run.swinit("-c", "-k", "4s", probe, "abandon", "5", at: place)
    try run.expect(line: "0 ready")
    let outcome = try run.outcome()
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count { $0 == "0 15" } == 1)
    #expect(outcome.ending == .exited(5))
    #expect(run.strayProcesses() == 0)
  }

  @Test(
    "SWINIT_KILL_AFTER sets the grace period, and --kill-after overrides it",
    arguments: Place.available, [["-k", "200ms"], []])
  func environmentVariable(at place: Place, _ options: [String]) throws {
    let grace = options.isEmpty ? "200ms" : "1h"
    let run = try Run(
      place.wrapper + [Swinit.path] + options + ["--", probe, "members", "1"],
      environment: ["PATH=\(searchPath)", "SWINIT_KILL_AFTER=\(grace)"])
    try run.expect(line: "0 ready")
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
  }

  @Test(
    "An invalid duration for --kill-after is refused before anything runs",
    arguments: [
      "", "x", "s", "ms", "10x", "10 s", " 10", "-1", "+1", "1.s", "1e3", "0x10", "10S", "10ss",
      "30m1h", "Infinity", "infinitys",
    ])
  func invalidDurations(_ value: String) throws {
    let accepted = "a duration such as 10s, 1.5s, 500ms, 1m30s or infinity"
    let outcome = try Run([Swinit.path, "-k", value, "echo", "ran"]).outcome()
    let message =
      "swinit: invalid value '\(value)' for '-k': expected \(accepted)\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: message))

    let variables = ["PATH=\(searchPath)", "SWINIT_KILL_AFTER=\(value)"]
    let other = try Run([Swinit.path, "echo", "ran"], environment: variables).outcome()
    let refusal =
      "swinit: invalid value '\(value)' for 'SWINIT_KILL_AFTER': expected \(accepted)\n"
    // An empty variable counts as unset.
    #expect(
      other
        == (value.isEmpty
          ? Outcome(ending: .exited(0), output: "ran\n")
          : Outcome(ending: .exited(125), errors: refusal)))
  }

  @Test(
    "Every valid form of --kill-after is accepted and leaves the command's status alone",
    arguments: [
      "0", "10", "10s", "500ms", "2m", "1h", "infinity", "inf", "1d", "1m30s", "1.5s",
      "1000000000h",
    ])
  func validDurations(_ value: String) throws {
    for arguments in [["-k", value], ["-k\(value)"], ["--kill-after=\(value)"]] {
      let outcome = try Run([Swinit.path] + arguments + ["sh", "-c", "exit 5"]).outcome()
      #expect(outcome == Outcome(ending: .exited(5)))
    }
  }
}
