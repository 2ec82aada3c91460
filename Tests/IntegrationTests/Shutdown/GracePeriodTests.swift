import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The grace period", .mostlyWaits, .serialized) struct GracePeriodTests {
  /// How the tree's processes terminate: the slow one finishes, and so does the daemon's first
  /// parent; the others are killed, with the one that is forked on TERM.
  private static let endings = ["exited with status 0": 2, "was killed by SIGKILL": 5]

  @Test(
    "SIGTERM reaches every descendant once, and those that remain are killed when the grace period expires",
    arguments: Place.available, [["-k", "4s"], ["--kill-after=4000ms", "-c"]])
  func afterSIGTERM(at place: Place, _ options: [String]) throws {
    try expectShutdown(of: options, at: place, after: SIGTERM, .exited(7))
  }

  @Test(
    "The command's exit begins the grace period for its remaining descendants",
    arguments: Place.available)
  func afterCommandExits(at place: Place) throws {
    try expectShutdown(of: ["-k", "4s"], at: place, after: SIGUSR1, .exited(5))
  }

  /// Background jobs of a shell ignore SIGINT.
  @Test(
    "A descendant that had SIGINT forwarded still receives swinit's SIGTERM",
    arguments: Place.available)
  func SIGTERMAfterSIGINT(at place: Place) throws {
    let run = try Run.swinit("-k", "10s", probe, "leave-behind", "1", at: place)
    try run.expect(line: "rest ready")
    try run.signal(SIGINT)
    try run.expect(line: "COMMAND \(SIGINT)")
    try run.signal(SIGTERM)
    #expect(try run.lines(3).prefix(2) == ["COMMAND 15", "rest 15"])
    let ending = try run.ending()
    #expect(ending == .exited(7))
  }

  @Test(
    "A worker that the command's TERM trap starts receives swinit's SIGTERM",
    arguments: Place.available)
  func workerOfTrap(at place: Place) throws {
    let script = "trap 'exec \"$0\" abandon 3' TERM; echo ready; while :; do sleep 0.05; done"
    let run = try Run.swinit("-k", "4s", "sh", "-c", script, probe, at: place)
    try run.expect(line: "ready")
    try run.signal(SIGTERM)
    try run.expect(line: "0 ready")
    try run.expect(line: "0 15")
    try run.expect(line: "0 18")
    try run.expect(ending: .exited(3))
    #expect(run.takeLine() == nil)
  }

  /// A tracer interrupts the wait without a signal, as a cgroup's freezer does.
  @Test("Interruptions of swinit do not postpone the deadline")
  func interrupted() throws {
    let run = try Run.swinit("-k", "4s", probe, "members", "1", at: .plain)
    try run.expect(line: "0 ready")
    let tracer = try Run([probe, "interrupt", "\(try run.swinit())"])
    try tracer.expect(line: "interrupted")
    try run.signal(SIGTERM)
    try run.expect(line: "0 15")
    try run.expect(ending: .exited(128 + SIGKILL))
    // It interrupted swinit to the end.
    try tracer.expect(ending: .exited(0))
  }

  private func expectShutdown(
    of options: [String], at place: Place, after signal: Int32, _ ending: Ending,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    try expectDuration(of: 4, location) { stopwatch in
      let run = try Run(place.wrapper + [Swinit.path, "-vv"] + options + [probe, "tree"])
      try run.expect(line: "COMMAND ready", location)
      let tree = ProcessTable().descendants(of: try run.swinit())
      try run.wait(until: "one of them is stopped") {
        ProcessTable().descendants(of: try run.swinit()).count { $0.state == "T" } == 1
      }
      #expect(tree.count >= 6, sourceLocation: location)
      stopwatch.start()
      try run.signal(signal)
      let actual = try run.ending()
      stopwatch.stop()
      let left = run.strayProcesses()
      let outcome = try run.outcome()

      #expect(actual == ending, sourceLocation: location)
      #expect(left == 0, sourceLocation: location)
      let lines = outcome.output.split(separator: "\n").map(String.init)
      for name in ["slow", "deaf", "daemon", "stopped", "forker"] {
        #expect(lines.count { $0 == "\(name) \(SIGTERM)" } == 1, sourceLocation: location)
      }
      #expect(lines.count { $0 == "forked \(SIGTERM)" } <= 1, sourceLocation: location)
      #expect(lines.contains("slow finished"), sourceLocation: location)
      #expect(endings(in: outcome.errors) == Self.endings, sourceLocation: location)
    }
  }

  /// The endings of the processes that swinit reaped, other than the command, with their counts.
  private func endings(in log: String) -> [String: Int] {
    let endings = log.split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /swinit: reaped process \d+, which (.*)/).map { String($0.1) }
    }
    return Dictionary(endings.map { ($0, 1) }, uniquingKeysWith: +)
  }
}
