import Foundation
import Glibc
import TestSupport
import Testing

/// The tests run one after the other, because each would disturb the next, and only with a release
/// build, because they disturb all measurements beside them.
@Suite("Storms of signals and processes", .serialized, .needs(shippedSwinit)) struct StormTests {
  /// Real-time signals arrive in number and order, the others at least once after the last was
  /// sent. No zombie is left, and swinit has no page more than after the first tenth.
  ///
  /// The kernel queues at most RLIMIT_SIGPENDING signals: the sender tries again when it refuses
  /// one.
  @Test(
    "swinit forwards 100,000 signals and reaps 10,000 orphans at once without growing",
    arguments: Place.available)
  func signalsAndOrphans(at place: Place) throws {
    let run = try Run.swinit(probe, "storm", "100000", "10000", at: place)
    let swinit = try run.swinit()
    _ = try #require(try run.lineUnlessEnded())
    try run.wait(until: "swinit is at rest") { state(of: swinit) == "S" }
    let before = try HeldResources(of: swinit)
    try run.signal(SIGUSR1)
    let done = try #require(try run.lineUnlessEnded())
    print("storm as \(place.rawValue): \(done), \(before.memory) kB")
    try run.wait(until: "swinit is at rest") { state(of: swinit) == "S" }
    #expect(try HeldResources(of: swinit) == before)
    #expect(ProcessTable().zombies(below: run.nest).isEmpty)
    #expect(run.strayProcesses() == 0)
  }

  @Test(
    "An endless flow of SIGCHLD delays neither reaping nor forwarding nor the grace period",
    arguments: Place.available)
  func childSignals(at place: Place) throws {
    try expectDuration(of: 0.5, atMost: 3) { stopwatch in
      let run = try Run.swinit("-k", "500ms", probe, "child-flood", "100000", at: place)
      try run.expect(line: "flooded")
      try run.signal(SIGUSR1)
      try run.expect(line: "\(SIGUSR1)")
      stopwatch.start()
      try run.signal(SIGTERM)
      try run.expect(line: "\(SIGTERM)")
      try run.expect(ending: .exited(128 + SIGKILL))
      stopwatch.stop()
      #expect(run.strayProcesses() == 0)
    }
  }

  @Test(
    "Each of 5,000 group members receives a signal once, and none has to be killed at shutdown",
    arguments: Place.available)
  func largeGroup(at place: Place) throws {
    let run = try Run.swinit("-k", "infinity", probe, "crowd", "5000", at: place)
    // Finding swinit among so many processes takes long.
    let swinit = try run.swinit()
    try run.expect(line: "ready")
    try check(kill(swinit, SIGUSR1))
    try run.expect(line: "all")
    try check(kill(swinit, SIGTERM))
    try run.expect(ending: .exited(7))
    #expect(run.strayProcesses() == 0)
  }

  @Test(
    "5,000 processes are killed and counted when the grace period expires",
    arguments: Place.available)
  func killedCrowd(at place: Place) throws {
    let run = try Run.swinit("-k", "0", probe, "members", "5000", at: place)
    for _ in 0..<5000 { _ = try #require(try run.lineUnlessEnded()) }
    try run.signal(SIGTERM)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(128 + SIGKILL))
    #expect(outcome.errors.contains("expired: killed 5000 processes: "))
    #expect(outcome.errors.hasSuffix(", and 4992 more\n"))
    #expect(run.strayProcesses() == 0)
  }

  @Test(
    "Endless stops and continues of the command and an orphan keep swinit neither from working nor from resting",
    arguments: Place.available, [SIGSTOP, SIGTSTP])
  func stops(at place: Place, by signal: Int32) throws {
    let run = try Run.swinit(
      probe, "stop-loop", "\(signal)", "20000", at: place,
      launcher: place == .plain ? [probe, "in-a-job"] : [])
    try run.expect(line: "looped")
    try run.expect(line: "ready")
    let swinit = try run.swinit()
    try expectRest(of: swinit, run)
    try run.signal(SIGTERM)
    try run.expect(ending: .exited(7))
  }

  /// The read fails, as it does without swinit.
  @Test(
    "swinit does not continue a command for ever that reads the terminal in an orphaned background group"
  )
  func backgroundRead() throws {
    let terminal = try Terminal.shell(.bash)
    let shell = terminal.foreground
    let directory = try TemporaryDirectory()
    let go = directory("go")
    try terminal.enter("( $S sh -c 'until [ -e \(go) ]; do sleep 0.1; done; cat </dev/tty' & )")
    try terminal.expect(Shell.prompt)
    let swinit = try terminal.run.swinit()
    try terminal.wait(for: "the shell in the foreground, with swinit adopted") {
      terminal.foreground == shell && ProcessTable.Entry(swinit)?.parent == terminal.run.nest
    }
    try directory.file("go", "")
    try terminal.expect("Input/output error\r\n")
  }

  /// Such a swinit cannot leave the session.
  @Test(
    "A command that reads the terminal in the background stays stopped when swinit leads a process group"
  )
  func backgroundReadOfLeader() throws {
    let terminal = try Terminal.shell(.bash)
    try terminal.enter("( set -m; $S $P ready cat </dev/tty & )")
    try terminal.expect("ready\r\n")
    let (swinit, command) = (try terminal.run.swinit(), try terminal.run.command())
    try terminal.wait(for: "the command to stop") { state(of: command) == "T" }
    try expectRest(of: swinit, terminal.run)
    for signal in [SIGCONT, SIGTERM] { try check(kill(swinit, signal)) }
    try terminal.wait(for: "swinit's exit") { state(of: swinit) == nil }
  }

  /// Expects that swinit waits and is not woken up.
  private func expectRest(
    of swinit: pid_t, _ run: Run, _ location: SourceLocation = #_sourceLocation
  ) throws {
    func wakeUps() -> String? { status(of: swinit, "voluntary_ctxt_switches") }
    try run.wait(until: "swinit sleeps for 0.3 s at a time", location) {
      let before = wakeUps()
      return state(of: swinit) == "S" && !run.comes(within: 0.3) { wakeUps() != before }
    }
  }
}
