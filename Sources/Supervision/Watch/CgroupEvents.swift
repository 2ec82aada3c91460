/// What a control group of version 2 counts, and reports when it changes: see `memory.events` and
/// `pids.events` in the kernel's cgroup-v2.
public struct CgroupEvents: Hashable, Sendable {
  /// The events of its memory, none if that is not watched.
  public var memory: Memory
  /// Whether memory is watched.
  public var hasMemory: Bool
  /// Whether refused forks are watched.
  public var hasRefusals: Bool
  /// How many forks were refused, if that is watched. Up to kernel 6.10, those of the group's own
  /// processes, whichever group's limit was hit; since then, those that hit a limit in the group or below.
  public var refusals: Int64
  /// When they were read.
  public var now: Instant

  /// What memory.events counts, with the groups below.
  public struct Memory: Hashable, Sendable {
    /// How often the limit was hit, and memory had to be reclaimed.
    public var hits: Int64 = 0
    /// How many processes the OOM killer has killed.
    public var kills: Int64 = 0
    /// How often it has killed all processes of a group: `memory.oom.group`. Counted since kernel 5.17.
    public var groupKills: Int32 = 0

    /// No events.
    public init() {}

    /// Reads a file of lines.
    public init(_ lines: Text) {
      var rest: Text? = lines
      while let (line, next) = rest?.split(at: .ascii("\n")) {
        let (name, value) = line.split(at: .ascii(" "))
        let count = value?.number(upTo: 1 << 60) ?? 0
        switch name {
        case "max": hits = count
        case "oom_kill": kills = count
        case "oom_group_kill": groupKills = Int32(truncatingIfNeeded: count)
        default: break
        }
        rest = next
      }
    }
  }

  /// What was read.
  public init(memory: Memory?, refusals: Int64?, now: Instant) {
    self.memory = memory ?? Memory()
    hasMemory = memory != nil
    self.refusals = refusals ?? 0
    hasRefusals = refusals != nil
    self.now = now
  }
}
