import Glibc
import TestSupport
import Testing

@Suite("The parent-death signal", .mostlyWaits) struct ParentDeathSignalTests {
  @Test(
    "The parent-death signal reaches the command when swinit's parent dies, even in another PID namespace",
    arguments: Place.available)
  func reachesCommand(at place: Place) throws {
    for (name, line) in [("TERM", "0 15"), ("SIGUSR1", "0 10"), ("34", "0 34")] {
      let run = try self.run(place, ["-p", name], [])
      try expect(line, afterParentDeathIn: run)
    }
  }

  /// USR1 is blocked, so that it does not kill the command before the command is ready. A
  /// process of another session adopts swinit.
  @Test(
    "The parent-death signal reaches the command though the parent died before swinit could ask for it"
  )
  func parentDeadBeforeStart() throws {
    let script = "(while kill -0 $$ 2>/dev/null; do sleep 0.01; done; exec \"$@\") &"
    let run = try Run(
      ["setsid", "sh", "-c", script, "sh", probe, "with-signals", "200", "0", Swinit.path]
        + ["-p", "USR1", probe, "members", "1"])
    #expect(try run.line() == "0 ready")
    #expect(try run.line() == "0 10")
  }

  @Test("SWINIT_PARENT_DEATH_SIGNAL requests the parent-death signal")
  func environmentVariable() throws {
    let run = try self.run(.plain, [], ["SWINIT_PARENT_DEATH_SIGNAL=USR2"])
    try expect("0 12", afterParentDeathIn: run)
  }

  @Test(
    "A parent-death signal that would stop swinit for good, or do nothing, is refused before the command runs",
    arguments: ["STOP", "17"])
  func refusedSignals(signal: String) throws {
    for (options, variables) in [
      (["-p", signal], []), ([], ["SWINIT_PARENT_DEATH_SIGNAL=\(signal)"]),
    ] {
      let outcome = try Run(
        [Swinit.path] + options + ["echo", "spawned"],
        environment: ["PATH=\(searchPath)"] + variables
      ).outcome()
      #expect(outcome.ending == .exited(125))
      #expect(outcome.output == "")
      #expect(outcome.errors.contains("'\(signal)'"))
      #expect(outcome.errors.count { $0 == "\n" } == 1)
    }
  }

  @Test("Without --parent-death-signal the command receives nothing when swinit's parent dies")
  func noOption() throws {
    let run = try self.run(.plain, [], [])
    let swinit = try expectReady(run)
    try check(kill(parent(of: swinit), SIGKILL))
    try run.wait(until: "swinit is an orphan") { (try? parent(of: swinit)) == run.nest }
    try run.signal(SIGHUP)
    try run.expect(line: "0 1")
  }

  /// A run in which another process than the nest is swinit's parent.
  private func run(_ place: Place, _ options: [String], _ variables: [String]) throws -> Run {
    let between =
      place == .plain
      ? ["sh", "-c", "\"$@\"; exit 9", "sh"] : place.wrapper.filter { $0 != "--kill-child" }
    return try Run(
      between + [Swinit.path] + options + [probe, "members", "1"],
      environment: ["PATH=\(searchPath)"] + variables)
  }

  private func expect(_ line: String, afterParentDeathIn run: Run) throws {
    let swinit = try expectReady(run)
    try check(kill(parent(of: swinit), SIGKILL))
    try run.expect(line: line)
  }

  private func expectReady(_ run: Run) throws -> pid_t {
    try #require(try run.line() == "0 ready")
    return try run.swinit()
  }

  private func parent(of process: pid_t) throws -> pid_t {
    try #require(ProcessTable.Entry(process)).parent
  }
}
