import Supervision

/// The memory of the control group that swinit is in.
struct ModelMemory: Hashable {
  /// How many processes were killed because it was used up.
  var kills: Int64 = 0
  /// Whether that can be read.
  var isReadable = true
  /// Whether the limit and the peak can be, too.
  var hasDetails = true

  static let limit: Int64 = 1 << 26
  static let peak: Int64 = 1 << 25

  init() {}

  init(using generator: inout SplitMix64) {
    kills = Int.random(in: 0..<4, using: &generator) == 0 ? 3 : 0
    isReadable = Int.random(in: 0..<6, using: &generator) != 0
    hasDetails = .random(using: &generator)
  }
}

extension ModelKernel {
  /// The kernel kills a process, since memory is used up.
  mutating func killForMemory(_ id: ProcessID) {
    guard let process = self[id], process.isAlive else { return }
    memory.kills += 1
    cgroup.hits += 1
    cgroup.hasChanged = cgroup.isWatched
    cgroup.unnamed.append(id.rawValue)
    cgroup.killedAt[id.rawValue] = now
    let hadOtherKills = cgroup.hasOtherKills
    deliver(.kill, to: id)
    cgroup.hasOtherKills = hadOtherKills
  }

  /// swinit reads the account of its control group.
  func readMemory(details: Bool) -> MemoryReading? {
    guard memory.isReadable else { return nil }
    let hasDetails = details && memory.hasDetails
    return MemoryReading(
      kills: memory.kills, limit: hasDetails ? ModelMemory.limit : nil,
      peak: hasDetails ? ModelMemory.peak : nil, now: now)
  }
}
