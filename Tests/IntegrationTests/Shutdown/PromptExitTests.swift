import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Prompt exit", .mostlyWaits, .serialized) struct PromptExitTests {
  /// The reference is a shell that waits for one child and exits.
  @Test(
    "swinit exits as soon as the last descendant has, whatever the grace period",
    arguments: Place.available, ["10s", "1h", "infinity"])
  func afterLastDescendant(at place: Place, _ grace: String) throws {
    let shell = ["sh", "-c", "\"$0\" leave; exit 7", probe]
    try expectDuration(
      atMost: 5, of: { try exit(of: Run([probe, "timed"] + place.wrapper + shell)) }
    ) {
      let run = try Run(
        [probe, "timed"] + place.wrapper + [Swinit.path, "-k", grace, probe, "leave-behind", "50"])
      try run.expect(line: "rest ready")
      try run.signal(SIGTERM)
      #expect(try run.lines(2) == ["COMMAND 15", "rest 15"])
      return try exit(of: run)
    }
  }

  /// The time from the last descendant's exit to swinit's, in seconds.
  private func exit(of run: Run) throws -> Double {
    let exited = try nanoseconds(in: run.line(), after: "rest gone ")
    let ended = try nanoseconds(in: run.line(), after: "ended ")
    #expect(try run.ending() == .exited(7))
    return Double(ended - exited) / 1e9
  }

  @Test(
    "swinit reaps all zombies that the command leaves before it exits, however many",
    arguments: Place.available)
  func manyZombies(at place: Place) throws {
    let run = try Run.swinit("-v", probe, "leave-zombies", "2500", "5", at: place)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(5))
    #expect(outcome.errors.contains("orphans reaped: 2500"))
    #expect(run.strayProcesses() == 0)
  }

  @Test(
    "A grace period delays nothing when the command leaves no descendant",
    arguments: Place.available)
  func noDescendants(at place: Place) throws {
    func run(_ options: [String]) throws -> Double {
      try duration {
        try Run(place.wrapper + [Swinit.path] + options + ["sh", "-c", "exit 5"])
          .expect(ending: .exited(5))
      }
    }
    try expectDuration(atMost: 2, of: { try run([]) }) { try run(["-k", "1h"]) }
  }

  @Test(
    "swinit does not wake up while it waits for remaining descendants", arguments: Place.available,
    ["1h", "infinity"])
  func noWakeUps(at place: Place, _ grace: String) async throws {
    let run = try Run.swinit("-k", grace, probe, "leave-behind", "3600000", at: place)
    try run.expect(line: "rest ready")
    let swinit = try run.swinit()
    try run.signal(SIGTERM)
    #expect(try run.lines(2) == ["COMMAND 15", "rest 15"])
    var rest: [pid_t] = []
    try run.wait(until: "the command is reaped") {
      rest = ProcessTable().children(of: swinit).map(\.id)
      return rest.count == 1 && state(of: swinit) == "S"
    }
    var counts: [String] = []
    for _ in 1...4 {
      counts.append(try #require(status(of: swinit, "voluntary_ctxt_switches")))
      // The promise is about time that passes.
      try await Task.sleep(for: .milliseconds(500))
    }
    // swinit may have been on its way to its last wait at first.
    #expect(Set(counts.dropFirst()).count == 1, "\(counts)")
    for process in rest { kill(process, SIGKILL) }
    let ending = try run.ending()
    #expect(ending == .exited(7))
  }

  private func nanoseconds(in line: String, after prefix: String) throws -> Int {
    try #require(line.hasPrefix(prefix) ? Int(line.dropFirst(prefix.count)) : nil, "\(line)")
  }
}
