import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The warning when the grace period expires", .mostlyWaits, .serialized)
struct DeadlineWarningTests {
  @Test(
    "The warning counts all killed processes and names the first eight, at the default verbosity",
    arguments: Place.available, [3, 8, 12])
  func names(at place: Place, count: Int) throws {
    let run = try Run.swinit("-k", "0", probe, "members", "\(count)", at: place)
    for _ in 0..<count { _ = try run.line() }
    let swinit = try run.swinit()
    let processes = ProcessTable().descendants(of: swinit)
    #expect(processes.count == count)
    try run.signal(SIGTERM)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(128 + SIGKILL))
    let warning = try #require(
      Self.firstLine(of: outcome).wholeMatch(
        of: /swinit: grace period \(0ms\) expired: killed (\d+) processes: (.*)/))
    #expect(warning.1 == "\(count)")
    let named = warning.2.matches(of: /Probe \((\d+)\)/).compactMap { pid_t($0.1) }
    #expect(Set(named).count == min(count, 8))
    #expect(warning.2.hasSuffix(", and \(count - 8) more") == (count > 8))
    if place == .plain { #expect(Set(named).isSubset(of: processes.map(\.id))) }
  }

  @Test("A JSON message lists the killed processes as objects", arguments: Place.available)
  func object(at place: Place) throws {
    let run = try Run.swinit("-k", "0", "--log-format=json", probe, "members", "9", at: place)
    for _ in 0..<9 { _ = try run.line() }
    try run.signal(SIGTERM)
    let line = Self.firstLine(of: try run.outcome())
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["event"] as? String == "grace_period_expired")
    #expect(object["level"] as? String == "warning")
    #expect(object["grace_period_ms"] as? Int == 0)
    #expect(object["killed_count"] as? Int == 9)
    let killed = try #require(object["killed"] as? [[String: Any]])
    #expect(killed.count == 8)
    #expect(killed.allSatisfy { $0["name"] as? String == "Probe" && $0["pid"] is Int })
  }

  @Test(
    "Nothing is reported when all processes exit within the grace period",
    arguments: Place.available)
  func silence(at place: Place) throws {
    let run = try Run.swinit("-k", "1h", "sh", "-c", "echo ready; exec sleep 1000", at: place)
    try run.expect(line: "ready")
    try run.signal(SIGTERM)
    #expect(try run.outcome() == Outcome(ending: .exited(128 + SIGTERM)))
  }

  /// On a busy machine, processes that haven't exited 2 s after SIGKILL are reported in lines that follow.
  private static func firstLine(of outcome: Outcome) -> String {
    String(outcome.errors.prefix { $0 != "\n" })
  }
}
