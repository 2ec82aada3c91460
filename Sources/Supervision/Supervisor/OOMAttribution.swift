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
