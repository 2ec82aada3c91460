import Foundation
import TestSupport
import Testing

/// swinit beside what else is in use, in the same scenarios.
@Suite struct ComparisonTests {
  /// Each init does what is known of it: swinit what it promises, the others the same but for the
  /// differences.
  @Test(arguments: Cell.all) func isAsKnown(_ cell: Cell) async throws {
    try require(cell.needs)
    let observed = try await Observations.shared.observe(cell)
    #expect(observed == cell.expected)
  }

  /// Who comes from another init finds here what to write, and has what he had.
  @Test(arguments: Translation.all) func isTranslated(_ translation: Translation) throws {
    try require(translation.before.subject.needs)
    let (before, now) = (try translation.before.portrait(), try translation.now.portrait())
    #expect(before == now)
  }

  /// README says what was observed; `WRITE_README=1` in the environment makes it say so.
  @Test(.needs(Comparison.needs)) func isInREADME() async throws {
    try ReadmePart("translation").expect(Translation.lines)
    try ReadmePart("comparison").expect(await Comparison().lines)
  }

  /// Skips what needs something that isn't there; in CI it fails.
  private func require(_ needs: [Need]) throws {
    guard let missing = needs.first(where: { !$0.isMet }) else { return }
    guard !isCI else { throw missing }
    try Test.cancel("\(missing)")
  }
}
