/// What a control group tells of its memory; see memory.events in the kernel's cgroup-v2, and
/// memory.oom_control in its cgroup-v1.
public struct MemoryReading: Sendable {
  /// How many processes were killed so far because memory was used up.
  public var kills: Int64
  /// The most that the group which ran out may use, in bytes; nil if no group that can be seen ran
  /// out, or if that can't be read.
  public var limit: Int64?
  /// The most that this group used, in bytes; nil as for the limit.
  public var peak: Int64?
  /// When it was read.
  public var now: Instant

  /// What was read.
  public init(kills: Int64, limit: Int64?, peak: Int64?, now: Instant) {
    self.kills = kills
    self.limit = limit
    self.peak = peak
    self.now = now
  }
}

/// The account of the processes that were killed because memory was used up: which of those that
/// are reaped it explains.
struct MemoryAccount {
  /// How long after the count rose a death can still be explained by it.
  private static let memoryMilliseconds: Int64 = 2000

  /// The count when it was last read, nil if it couldn't be.
  private var kills: Int64?
  /// How many deaths the rises haven't explained yet, and until when they can.
  private var unexplained: Int64 = 0
  private var end = Instant(nanoseconds: 0)

  /// Takes the count before anything happens.
  mutating func begin(_ reading: MemoryReading?) { kills = reading?.kills }

  /// Takes the count after a process was killed; gives whether that explains it.
  mutating func explains(_ reading: MemoryReading) -> Bool {
    if reading.now > end { unexplained = 0 }
    if let kills, reading.kills > kills {
      unexplained &+= reading.kills &- kills
      end = reading.now.advanced(byMilliseconds: MemoryAccount.memoryMilliseconds)
    }
    kills = reading.kills
    guard unexplained > 0 else { return false }
    unexplained &-= 1
    return true
  }
}
