import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Many processes when the grace period expires", .serialized) struct DeadlineCostTests {
  /// Each ignores what TERM is rewritten to.
  private let options = ["-k", "0", "-r", "TERM:USR1"]

  @Test(
    "A hundred processes are killed in at most 1.2 times the time that a bare loop of kills takes",
    arguments: Place.available)
  func hundred(at place: Place) throws {
    let crowd = [probe, "crowd", "100"]
    // A debug build takes longer.
    let factor = Swinit.path.contains("/debug/") ? 3 : 1.2
    try expectDuration(
      atMost: factor, rounds: 100,
      of: { try time(of: Run(of: probe, ["kill-all"] + crowd, at: place)) }
    ) {
      let run = try Run(of: Swinit.path, options + crowd, at: place)
      let time = try time(of: run)
      // On a machine so busy that some haven't exited 2 s after SIGKILL, swinit exits without them.
      if time < 2 { try expectWarning(of: run, count: 100) }
      return time
    }
  }

  /// The seconds from the stop signal to the exit.
  private func time(of run: Run) throws -> Double {
    try run.expect(line: "ready")
    let supervisor = try run.supervisor()
    return try duration {
      try check(kill(supervisor, SIGTERM))
      try run.expect(ending: .exited(128 + SIGKILL))
    }
  }

  private func expectWarning(of run: Run, count: Int) throws {
    let left = run.strayProcesses()
    let table = ProcessTable().descendants(of: run.nest)
    #expect(left == 0 && table.isEmpty)
    let errors = try run.outcome().errors
    let warning = try #require(
      errors.wholeMatch(
        of: /swinit: grace period \(0ms\) expired: killed (\d+) processes: (.*), and (\d+) more\n/),
      "\(errors)")
    #expect(warning.1 == "\(count)" && warning.3 == "\(count - 8)")
    #expect(warning.2.matches(of: /Probe \(\d+\)/).count == 8)
  }
}
