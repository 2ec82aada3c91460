/// What was read of a control group's memory: see `memory.events` in the kernel's cgroup-v2, and
/// `memory.oom_control` in its cgroup-v1.
public struct MemoryReading: Sendable {
  /// How many processes the OOM killer has killed so far.
  public var kills: Int64
  /// The limit of the group that ran out of memory, in bytes; nil if no visible group did, or if it
  /// cannot be read.
  public var limit: Int64?
  /// The most memory that this group has used, in bytes; nil as for the limit.
  public var peak: Int64?
  /// When it was read.
  public var now: Instant

  /// A reading.
  public init(kills: Int64, limit: Int64?, peak: Int64?, now: Instant) {
    self.kills = kills
    self.limit = limit
    self.peak = peak
    self.now = now
  }
}
