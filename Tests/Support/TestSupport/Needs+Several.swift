package import Testing

extension Trait where Self == ConditionTrait {
  /// Skips the test where one of the needs isn't met, and fails it there if this is CI.
  package static func needs(_ needs: [Need]) -> Self {
    .enabled("\(needs.map(\.description).joined(separator: ", "))") {
      guard let missing = needs.first(where: { !$0.isMet }) else { return true }
      guard isCI else { return false }
      throw missing
    }
  }
}
