import Foundation
import Pages
import TestSupport
import Testing

/// swinit and other inits in the same scenarios. The other inits don't change with swinit, so they are
/// observed again only with `PEERS=1` in the environment.
@Suite("Comparison with other inits", .mostlyWaits) struct ComparisonTests {
  @Test(
    "swinit behaves in each scenario as the comparison records",
    arguments: Cell.all.filter { $0.subject == .swinit })
  func swinit(_ cell: Cell) async throws { try await observe(cell) }

  @Test(
    "Each other init behaves in each scenario as the comparison records",
    .enabled("PEERS=1 observes them") { ProcessInfo.processInfo.environment["PEERS"] == "1" },
    arguments: Cell.all.filter { $0.subject != .swinit })
  func peers(_ cell: Cell) async throws { try await observe(cell) }

  private func observe(_ cell: Cell) async throws {
    try require(cell.needs)
    let observed = try await cell.observe()
    #expect(observed == cell.expected)
  }

  @Test("The options that replace another init's give the same result", arguments: Translation.all)
  func translation(_ translation: Translation) throws {
    try require(translation.before.subject.needs)
    let (before, now) = (try translation.before.portrait(), try translation.now.portrait())
    #expect(before == now)
  }

  /// With `WRITE_PAGES=1` in the environment, the test writes them.
  @Test("README and COMPARISON.md show what the scenarios record")
  func pages() throws {
    try PagePart("translation", of: "README.md").expect(Translation.lines)
    try PagePart("highlights", of: "README.md").expect(Comparison.highlights)
    try PagePart("comparison", of: ".github/COMPARISON.md").expect(Comparison.lines)
  }

  @Test("Each scenario that README's short comparison names exists")
  func highlights() {
    let titles = Scenario.all.map(\.title)
    for title in Comparison.titlesOfHighlights { #expect(titles.contains(title), "\(title)") }
  }

  /// Skips the test if something that it needs is missing; in CI the test fails.
  private func require(_ needs: [Need]) throws {
    guard let missing = needs.first(where: { !$0.isMet }) else { return }
    guard !isCI else { throw missing }
    try Test.cancel("\(missing)")
  }
}
