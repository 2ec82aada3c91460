/// Which control group ran out of memory when the OOM killer killed a process: the process's own, or one
/// of its ancestors, each of which may have a limit.
///
/// The groups are numbered upwards from the process's own, which is 0. Each counts how often its limit
/// was hit, and the count rises before the OOM killer acts.
public struct LimitHits: Sendable {
  /// How many groups are read. Engines nest theirs 3 to 6 deep.
  public static let capacity = 16

  /// The counts as they were last read, negative where they could not be.
  private var counts = InlineArray<16, Int64>(repeating: -1)
  /// The innermost group whose count rose since `group(kills:)` was last asked.
  private var risen: Int?
  private var kills: Int64 = 0
  private var lastGroup: Int?

  /// No counts.
  public init() {}

  /// Records the count of a group, nil if it cannot be read. All counts are read before the number of
  /// kills, so that the next reading shows the hit of a kill that comes in between.
  public mutating func record(_ count: Int64?, ofGroup group: Int) {
    guard counts.indices ~= group else { return }
    let countBefore = counts[group]
    counts[group] = count ?? -1
    guard let count, countBefore >= 0, count > countBefore else { return }
    risen = min(risen ?? group, group)
  }

  /// Gives the group that ran out of memory when there were so many kills; nil if no visible group did.
  /// It stays the same while there are no more: several kills may have had the same cause.
  public mutating func group(kills: Int64) -> Int? {
    if risen != nil || kills > self.kills { lastGroup = risen }
    risen = nil
    self.kills = kills
    return lastGroup
  }

  /// Whether a group may have run out of memory, by the most that it ever used. The OOM killer acts when
  /// a few pages are missing: a larger allocation that does not fit falls back to smaller ones.
  public static func mayHaveRunOut(limit: Int64?, peak: Int64?) -> Bool {
    guard let limit, let peak else { return false }
    return peak >= limit &- (1 << 20)
  }
}
