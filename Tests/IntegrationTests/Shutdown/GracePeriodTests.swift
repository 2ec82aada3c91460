import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct GracePeriodTests {
  /// Who dies how of the tree: the slow one finishes, and so does the one that stood between the
  /// daemon and COMMAND; the others are killed, with the one that the TERM called forth.
  private static let ends = ["exited with status 0": 2, "was killed by SIGKILL": 5]

  /// With `--kill-after 2s`, TERM reaches each descendant once, wherever it has gone. Those that end
  /// have time to finish their work; those that don't are killed at 2 s; then swinit leaves with
  /// COMMAND's status, and nothing is left.
  @Test(arguments: Place.available, [["-k", "2s"], ["--kill-after=2000ms", "-c"]])
  func endsAllAfterTERM(at place: Place, _ options: [String]) throws {
    try expectEnd(of: options, at: place, after: SIGTERM, .exited(7))
  }

  /// So it is when COMMAND exits by itself.
  @Test(arguments: Place.available)
  func endsAllAfterCOMMAND(at place: Place) throws {
    try expectEnd(of: ["-k", "2s"], at: place, after: SIGUSR1, .exited(5))
  }

  /// INT, which background jobs ignore, doesn't count as telling.
  @Test(arguments: Place.available)
  func tellsAfterINT(at place: Place) throws {
    let run = try Run.swinit("-k", "10s", probe, "leave-behind", "1", at: place)
    try run.expect(line: "rest ready")
    try run.signal(SIGINT)
    try run.expect(line: "COMMAND \(SIGINT)")
    try run.signal(SIGTERM)
    #expect(try run.lines(3).prefix(2) == ["COMMAND 15", "rest 15"])
    let ending = try run.ending()
    #expect(ending == .exited(7))
  }

  private func expectEnd(
    of options: [String], at place: Place, after signal: Int32, _ ending: Ending,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    try expectDuration(of: 2, location) { stopwatch in
      let run = try Run(place.wrapper + [Swinit.path, "-vv"] + options + [probe, "tree"])
      try run.expect(line: "COMMAND ready", location)
      let tree = ProcessTable().descendants(of: try run.swinit())
      try run.wait(until: "one is stopped") {
        ProcessTable().descendants(of: try run.swinit()).count { $0.state == "T" } == 1
      }
      #expect(tree.count >= 6, sourceLocation: location)
      stopwatch.start()
      try run.signal(signal)
      let end = try run.ending()
      stopwatch.stop()
      let left = run.strayProcesses()
      let outcome = try run.outcome()

      #expect(end == ending, sourceLocation: location)
      #expect(left == 0, sourceLocation: location)
      let lines = outcome.output.split(separator: "\n").map(String.init)
      for name in ["slow", "deaf", "daemon", "stopped", "forker"] {
        #expect(lines.count { $0 == "\(name) \(SIGTERM)" } == 1, sourceLocation: location)
      }
      #expect(lines.count { $0 == "forked \(SIGTERM)" } <= 1, sourceLocation: location)
      #expect(lines.contains("slow finished"), sourceLocation: location)
      #expect(ends(in: outcome.errors) == Self.ends, sourceLocation: location)
    }
  }

  /// How those ended that swinit reaped, COMMAND apart.
  private func ends(in log: String) -> [String: Int] {
    let ends = log.split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /swinit: reaped process \d+: (.*)/).map { String($0.1) }
    }
    return Dictionary(ends.map { ($0, 1) }, uniquingKeysWith: +)
  }
}
