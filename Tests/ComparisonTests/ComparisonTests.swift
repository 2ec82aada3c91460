import Foundation
import Pages
import TestSupport
import Testing

/// swinit and other inits in the same scenarios.
@Suite("Comparison with other inits") struct ComparisonTests {
  /// swinit as it promises, the others the same except for the recorded differences.
  @Test("Each init behaves in each scenario as the comparison records", arguments: Cell.all)
  func knownBehaviour(_ cell: Cell) async throws {
    try require(cell.needs)
    let observed = try await Observations.shared.observe(cell)
    #expect(observed == cell.expected)
  }

  @Test("The options that replace another init's give the same result", arguments: Translation.all)
  func translation(_ translation: Translation) throws {
    try require(translation.before.subject.needs)
    let (before, now) = (try translation.before.portrait(), try translation.now.portrait())
    #expect(before == now)
  }

  /// With `WRITE_README=1` in the environment, the test writes it.
  @Test("README's comparison shows what was observed", .needs(Comparison.needs))
  func readme() async throws {
    try ReadmePart("translation").expect(Translation.lines)
    try ReadmePart("comparison").expect(await Comparison().lines)
  }

  /// Skips the test if something that it needs is missing; in CI the test fails.
  private func require(_ needs: [Need]) throws {
    guard let missing = needs.first(where: { !$0.isMet }) else { return }
    guard !isCI else { throw missing }
    try Test.cancel("\(missing)")
  }
}
