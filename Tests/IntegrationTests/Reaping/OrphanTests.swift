import Foundation
import TestSupport
import Testing

@Suite("Orphans", .mostlyWaits) struct OrphanTests {
  /// The program that swinit replaced cloned such a child; see `__WALL` in waitpid(2).
  @Test("A child whose exit sends no SIGCHLD is reaped", arguments: Place.available)
  func withoutExitSignal(at place: Place) throws {
    let run = try Run.swinit("sleep", "1000", at: place, launcher: [probe, "with-silent-child"])
    let swinit = try run.swinit()
    let child = try run.wait(for: "both children") { () -> ProcessTable.Entry? in
      let children = ProcessTable().children(of: swinit)
      return children.count == 2 ? children.first { $0.name != "sleep" } : nil
    }
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    try check(kill(child.id, SIGTERM))
    try run.wait(until: "the child is reaped") { state(of: child.id) == nil }
    try run.signal(SIGTERM)
    try run.expect(ending: .exited(143))
  }

  @Test(
    "An orphan becomes swinit's child and is reaped without a message", arguments: Place.available,
    ["double-forked", "setsid"])
  func adopted(at place: Place, _ kind: String) throws {
    let run = try Run.swinit("--", probe, "orphan", kind, at: place)
    let outcome = try run.outcome()
    let output = "adopted by the parent\nreaped\n"
    #expect(outcome == Outcome(ending: .exited(0), output: output))
    #expect(run.strayProcesses() == 0)
  }

  @Test(
    "10,000 orphans, 500 of which exit at a time, are reaped, and the status is the command's",
    arguments: Place.available)
  func tenThousand(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let run = try Run.swinit(
      "-vv", probe, "orphans", "10000", at: place, errors: .file(log))
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(7), output: "reaped\n"))
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("swinit: reaped process ") } == 10_000)
    #expect(run.strayProcesses() == 0)
  }

  @Test(
    "--warn-reaped reports each reaped orphan with its name, and nothing else",
    arguments: Place.available, [(["-w"], []), ([], ["SWINIT_WARN_REAPED=1"])])
  func reported(at place: Place, _ how: (options: [String], variables: [String])) throws {
    let run = try Run(
      place.wrapper + [Swinit.path] + how.options + [probe, "orphan", "setsid"],
      environment: ["PATH=\(searchPath)"] + how.variables)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(0))
    #expect(
      outcome.errors.starts(
        with: /swinit: reaped orphan \d+ \(Probe\), which exited with status 3\n$/))
  }

  @Test("A child of the program that swinit replaced is reaped", arguments: Place.available)
  func childOfReplacedProgram(at place: Place) throws {
    let run = try Run.swinit(
      "sh", "-c", "echo ready; exec sleep 1000", at: place,
      launcher: ["sh", "-c", "sh -c 'exit 9' & sleep 0.1 & exec \"$@\"", "sh"])
    try run.expect(line: "ready")
    let swinit = try run.swinit()
    try run.wait(until: "the command is the only child") {
      ProcessTable().children(of: swinit).map(\.name) == ["sleep"]
        && ProcessTable().children(of: swinit).map(\.group) != [swinit]
    }
  }
}
