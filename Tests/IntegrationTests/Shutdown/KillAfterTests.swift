import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct KillAfterTests {
  /// What isn't a descendant is never signalled, not even at the deadline: here a neighbour in
  /// swinit's own group and session.
  @Test(arguments: Place.available)
  func sparesNeighbours(at place: Place) throws {
    let run = try Run.swinit("-k", "2s", probe, "tree", at: place)
    try run.expect(line: "COMMAND ready")
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(7))
    #expect(run.straySignals() == [])
  }

  /// As PID 1, what an engine puts in beside swinit is neither told to end nor waited for.
  @Test(.needs(.root), .needs(.namespaces)) func sparesWhatIsPutIn() throws {
    let run = try Run.swinit("-k", "1h", probe, "leave-behind", "500", at: .processOne)
    try run.expect(line: "rest ready")
    let swinit = try run.swinit()
    let bystander = try Run(["nsenter", "-t", "\(swinit)", "-p", "-m", probe, "members", "1"])
    try bystander.expect(line: "0 ready")
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(7))
    // The kernel ended it with PID 1, and it was told nothing before.
    let outcome = try bystander.outcome()
    #expect(outcome.output == "")
    #expect(outcome.ending != .exited(0))
  }

  /// With `--single-child` signals go to COMMAND alone; when it has gone, everybody is told.
  @Test(arguments: Place.available)
  func tellsAllAfterASingleChild(at place: Place) throws {
    let run = try Run.swinit("-c", "-k", "2s", probe, "abandon", "5", at: place)
    try run.expect(line: "0 ready")
    let outcome = try run.outcome()
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count { $0 == "0 15" } == 1)
    #expect(outcome.ending == .exited(5))
    #expect(run.strayProcesses() == 0)
  }

  /// The environment can ask for it too, and the command line overrules that.
  @Test(arguments: Place.available, [["-k", "200ms"], []])
  func isAskedForInTheEnvironment(at place: Place, _ options: [String]) throws {
    let grace = options.isEmpty ? "200ms" : "1h"
    let run = try Run(
      place.wrapper + [Swinit.path] + options + ["--", probe, "members", "1"],
      environment: ["PATH=\(searchPath)", "SWINIT_KILL_AFTER=\(grace)"])
    try run.expect(line: "0 ready")
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
  }

  /// A duration that can't be understood is refused before anything runs.
  @Test(arguments: [
    "", "x", "s", "ms", "10x", "10 s", " 10", "-1", "+1", "1.5s", "1e3", "0x10", "10S", "10ss",
    "1h30m", "Infinity", "inf", "infinitys", "1000000001", "99999999999999999999",
  ])
  func isRefused(_ value: String) throws {
    let accepted = "a duration such as 10, 10s, 500ms, 2m, 1h or infinity"
    let outcome = try Run([Swinit.path, "-k", value, "echo", "ran"]).outcome()
    let words = "swinit: option '--kill-after': '\(value)' is not accepted; it takes \(accepted)\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: words))

    let variables = ["PATH=\(searchPath)", "SWINIT_KILL_AFTER=\(value)"]
    let other = try Run([Swinit.path, "echo", "ran"], environment: variables).outcome()
    let refusal =
      "swinit: environment variable 'SWINIT_KILL_AFTER': '\(value)' is not accepted; it takes "
      + "\(accepted)\n"
    // An empty variable counts as unset.
    #expect(
      other
        == (value.isEmpty
          ? Outcome(ending: .exited(0), output: "ran\n")
          : Outcome(ending: .exited(125), errors: refusal)))
  }

  /// These are understood, and do nothing to a COMMAND that ends.
  @Test(arguments: ["0", "10", "10s", "500ms", "2m", "1h", "infinity", "1000000000h"])
  func isAccepted(_ value: String) throws {
    for words in [["-k", value], ["-k\(value)"], ["--kill-after=\(value)"]] {
      let outcome = try Run([Swinit.path] + words + ["sh", "-c", "exit 5"]).outcome()
      #expect(outcome == Outcome(ending: .exited(5)))
    }
  }
}
