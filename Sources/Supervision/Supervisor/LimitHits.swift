/// Which group ran out of memory when the kernel killed a process: the process's own, or one of those
/// above it, each of which may have a limit.
///
/// The groups are numbered from the process's own, 0, upwards. For each there is a count of how often
/// its limit was hit, which rises before the kernel kills.
public struct LimitHits: Sendable {
  /// How many groups are looked at. Engines nest theirs 3 to 6 deep.
  public static let capacity = 16

  /// The counts as they were last read, negative where they couldn't be.
  private var counts = InlineArray<16, Int64>(repeating: -1)
  /// The innermost group whose count rose since `group(kills:)` was last asked.
  private var risen: Int?
  private var kills: Int64 = 0
  private var lastGroup: Int?

  /// No counts.
  public init() {}

  /// Takes the count of a group, nil if it can't be read. All are taken before the kills are read,
  /// so that a kill in between is known by its count at the next reading.
  public mutating func record(_ count: Int64?, ofGroup group: Int) {
    guard counts.indices ~= group else { return }
    let countBefore = counts[group]
    counts[group] = count ?? -1
    guard let count, countBefore >= 0, count > countBefore else { return }
    risen = min(risen ?? group, group)
  }

  /// The group that ran out of memory, after so many kills; nil if none of those that can be seen
  /// did. One kill may be asked about later than another that the kernel made for the same reason:
  /// while there are no new ones, the answer is the same.
  public mutating func group(kills: Int64) -> Int? {
    if risen != nil || kills > self.kills { lastGroup = risen }
    risen = nil
    self.kills = kills
    return lastGroup
  }

  /// Whether a group may have run out of memory, by the most that it ever used. The kernel kills for
  /// want of a few pages: when more are asked for at once, it does with less.
  public static func mayHaveRunOut(limit: Int64?, peak: Int64?) -> Bool {
    guard let limit, let peak else { return false }
    return peak >= limit &- (1 << 20)
  }
}
