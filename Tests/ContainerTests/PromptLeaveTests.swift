import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct PromptLeaveTests {
  /// swinit is gone within 20 ms of the last descendant, whatever the deadline.
  @Test(arguments: Place.available, ["1s", "1h", "infinity"])
  func comesWithTheLast(at place: Place, _ grace: String) throws {
    try expectDuration(of: 0...0.02) {
      let run = try Run(
        [probe, "timed"] + place.wrapper + [Swinit.path, "-k", grace, probe, "leave-behind", "300"])
      try run.expect(line: "rest ready")
      try run.signal(SIGTERM)
      #expect(try run.lines(2) == ["COMMAND 15", "rest 15"])
      let gone = try nanoseconds(in: run.line(), after: "rest gone ")
      let ended = try nanoseconds(in: run.line(), after: "ended ")
      let ending = try run.ending()
      #expect(ending == .exited(7))
      return Double(ended - gone) / 1e9
    }
  }

  /// When nobody is left, there is nothing to wait for.
  @Test(arguments: Place.available)
  func comesWithCOMMAND(at place: Place) throws {
    try expectDuration(of: 0...0.2) {
      let start = Date()
      let run = try Run.swinit("-k", "1h", "sh", "-c", "exit 5", at: place)
      let ending = try run.ending()
      #expect(ending == .exited(5))
      return Date().timeIntervalSince(start)
    }
  }

  /// It doesn't wake up meanwhile, neither to look who is left nor at the clock.
  @Test(arguments: Place.available, ["1h", "infinity"])
  func comesWithoutPolling(at place: Place, _ grace: String) async throws {
    let run = try Run.swinit("-k", grace, probe, "leave-behind", "6000", at: place)
    try run.expect(line: "rest ready")
    let swinit = try run.swinit()
    try run.signal(SIGTERM)
    #expect(try run.lines(2) == ["COMMAND 15", "rest 15"])
    try run.wait(until: "COMMAND is reaped") {
      ProcessTable().children(of: swinit).count == 1 && state(of: swinit) == "S"
    }
    var counts: [String?] = []
    for _ in 1...4 {
      counts.append(status(of: swinit, "voluntary_ctxt_switches"))
      // The promise is about time that passes.
      try await Task.sleep(for: .milliseconds(500))
    }
    // swinit may have been on its way to its last wait at first.
    #expect(counts[1] == counts[2] && counts[2] == counts[3], "\(counts)")
    #expect(try run.line().hasPrefix("rest gone "))
    let ending = try run.ending()
    #expect(ending == .exited(7))
  }

  private func nanoseconds(in line: String, after prefix: String) throws -> Int {
    try #require(line.hasPrefix(prefix) ? Int(line.dropFirst(prefix.count)) : nil, "\(line)")
  }
}
