import Foundation
import Glibc
import TestSupport
import Testing

/// One after the other: each would disturb the next. All of them disturb who measures beside them:
/// what ships is tested by itself.
@Suite(.serialized, .needs(shippedSwinit)) struct StormTests {
  /// 100,000 signals as fast as they come while 10,000 orphans die: real-time ones arrive in number
  /// and order, the others once at least after the last was sent; no zombie is left; and swinit has
  /// not a page more than after the first tenth.
  ///
  /// The kernel keeps so many signals pending as RLIMIT_SIGPENDING says, and no more: the sender
  /// tries again when one is refused.
  @Test(arguments: Place.available) func isWeathered(at place: Place) throws {
    let run = try Run.swinit(probe, "storm", "100000", "10000", at: place)
    let swinit = try run.swinit()
    _ = try #require(try run.lineUnlessEnded())
    try run.wait(until: "swinit is at rest") { state(of: swinit) == "S" }
    let before = try Holdings(of: swinit)
    try run.signal(SIGUSR1)
    let done = try #require(try run.lineUnlessEnded())
    print("storm as \(place.rawValue): \(done), \(before.memory) kB")
    try run.wait(until: "swinit is at rest") { state(of: swinit) == "S" }
    #expect(try Holdings(of: swinit) == before)
    #expect(ProcessTable().zombies(below: run.nest).isEmpty)
    #expect(run.strayProcesses() == 0)
  }

  /// CHLD that somebody sends without end: orphans are reaped, signals forwarded, the grace period
  /// ends in time.
  @Test(arguments: Place.available) func isOfCHLD(at place: Place) throws {
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

  /// A group of 5,000: each gets a signal once; all are told to end and waited for, and none has to be
  /// killed.
  @Test(arguments: Place.available) func isACrowd(at place: Place) throws {
    let run = try Run.swinit("-k", "infinity", probe, "crowd", "5000", at: place)
    // Among so many it takes long to find.
    let swinit = try run.swinit()
    try run.expect(line: "ready")
    try check(kill(swinit, SIGUSR1))
    try run.expect(line: "all")
    try check(kill(swinit, SIGTERM))
    try run.expect(ending: .exited(7))
    #expect(run.strayProcesses() == 0)
  }

  /// A COMMAND and an orphan that are stopped and continued without end: swinit reaps and forwards
  /// all the same, and is at rest afterwards.
  @Test(arguments: Place.available, [SIGSTOP, SIGTSTP])
  func isOfStops(at place: Place, by signal: Int32) throws {
    let run = try Run.swinit(
      probe, "stop-loop", "\(signal)", "20000", at: place,
      birth: place == .plain ? [probe, "in-a-job"] : [])
    try run.expect(line: "looped")
    try run.expect(line: "ready")
    let swinit = try run.swinit()
    try expectRest(of: swinit, run)
    try run.signal(SIGTERM)
    try run.expect(ending: .exited(7))
  }

  /// A COMMAND that reads the terminal in the background, where nobody could ever bring it to the
  /// foreground: it can't, as without swinit, and swinit doesn't continue it for ever.
  @Test func isNotOfTheTerminal() throws {
    let terminal = try Terminal.shell(.bash)
    let shell = terminal.foreground
    let directory = try TemporaryDirectory()
    let go = directory("go")
    try terminal.enter("( $S sh -c 'until [ -e \(go) ]; do sleep 0.1; done; cat </dev/tty' & )")
    try terminal.expect(Shell.prompt)
    let swinit = try terminal.run.swinit()
    try terminal.wait(for: "the shell in the foreground, for good") {
      terminal.foreground == shell && ProcessTable.Entry(swinit)?.parent == terminal.run.nest
    }
    try directory.file("go", "")
    try terminal.expect("Input/output error\r\n")
  }

  /// The same where swinit leads a group, and so can't leave the session: COMMAND stays stopped.
  @Test func isNotOfTheTerminalOfALeader() throws {
    let terminal = try Terminal.shell(.bash)
    try terminal.enter("( set -m; $S $P ready cat </dev/tty & )")
    try terminal.expect("ready\r\n")
    let (swinit, command) = (try terminal.run.swinit(), try terminal.run.command())
    try terminal.wait(for: "COMMAND to stop") { state(of: command) == "T" }
    try expectRest(of: swinit, terminal.run)
    for signal in [SIGCONT, SIGTERM] { try check(kill(swinit, signal)) }
    try terminal.wait(for: "the end") { state(of: swinit) == nil }
  }

  /// A swinit that waits isn't woken.
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
