import Foundation
import TestSupport
import Testing

@Suite("An idle swinit", .mostlyWaits) struct IdleTests {
  @Test("swinit never wakes up while nothing happens", arguments: Place.available)
  func noWakeUps(at place: Place) async throws {
    let (run, swinit) = try settled(at: place)
    let before = switches(of: swinit)
    // The promise is about time that passes.
    try await Task.sleep(for: .seconds(10))
    #expect(switches(of: swinit) == before)
    #expect(try run.swinit() == swinit)
  }

  /// The medians count, because the random address of the stack makes a difference of one page.
  @Test(
    "An idle swinit keeps at most 84 kB in memory, of which it has written at most 32 kB",
    .enabled(if: Swinit.isMusl, "concerns the build with musl only"), arguments: Place.available)
  func memoryUse(at place: Place) throws {
    let sizes = try (0..<9).map { _ in try memory(at: place) }
    let resident = sizes.map(\.resident).sorted()
    #expect(resident[4] <= 84, "\(resident)")
    let written = sizes.map(\.written).sorted()
    #expect(written[4] <= 32, "\(written)")
  }

  /// The resident memory of an idle swinit, and the part that no other swinit shares, in kB.
  private func memory(at place: Place) throws -> (resident: Int, written: Int) {
    let (run, swinit) = try settled(at: place)
    let rollup = try #require(contents(of: "/proc/\(swinit)/smaps_rollup"))
    let size = { (name: String) in
      let line = try #require(rollup.split(separator: "\n").first { $0.hasPrefix(name) })
      return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
    #expect(try run.swinit() == swinit)
    return (try size("Rss:"), try size("Private_Dirty:"))
  }

  /// A run whose swinit waits for signals.
  private func settled(at place: Place) throws -> (Run, pid_t) {
    let run = try Run.swinit("sleep", "1000", at: place)
    _ = try run.command()
    let swinit = try run.swinit()
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    return (run, swinit)
  }

  /// How often the process gave up its processor, of its own accord or not.
  private func switches(of process: pid_t) -> [String?] {
    ["voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"].map { status(of: process, $0) }
  }
}
