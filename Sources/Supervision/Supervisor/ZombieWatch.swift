/// How many zombies a process leaves.
public struct ZombieCount: Hashable, Sendable {
  /// Which process.
  public var parent: ProcessID
  /// How many zombies.
  public var count: Int

  /// So many zombies of a process.
  public init(parent: ProcessID, count: Int) {
    self.parent = parent
    self.count = count
  }
}

/// How many zombies are left by whom: a few processes, which leave the most of them in practice.
public struct ZombieCensus: Sendable {
  // Two arrays of plain numbers take less code to set up than one of structures.
  private var parents = InlineArray<16, Int32>(repeating: 0)
  private var counts = InlineArray<16, Int32>(repeating: 0)
  private var length = 0

  /// No zombies.
  public init() {}

  /// Counts zombies; those of a process too many are left out.
  @inline(never)
  public mutating func add(_ zombies: Int, parent: ProcessID) {
    let index = index(of: parent)
    guard parents.indices ~= index else { return }
    parents[index] = parent.rawValue
    counts[index] &+= Int32(truncatingIfNeeded: zombies)
    length = max(length, index &+ 1)
  }

  /// Takes one of the processes out, nil after the last.
  public mutating func takeNext() -> ZombieCount? {
    let last = length &- 1
    guard parents.indices ~= last else { return nil }
    length = last
    return ZombieCount(parent: ProcessID(rawValue: parents[last]), count: Int(counts[last]))
  }

  /// How many zombies that process leaves.
  func count(of parent: ProcessID) -> Int {
    let index = index(of: parent)
    return index < length && counts.indices ~= index ? Int(counts[index]) : 0
  }

  /// The place of a process, the next free one if it has none.
  private func index(of parent: ProcessID) -> Int {
    for index in parents.indices where index < length && parents[index] == parent.rawValue {
      return index
    }
    return length
  }
}

/// Who was told of, so that each process is told of once, and again when its zombies have doubled.
struct ZombieWatch {
  private var told = ZombieCensus()
  private var toldBefore = ZombieCensus()

  /// A new count begins.
  mutating func begin() {
    toldBefore = told
    told = ZombieCensus()
  }

  /// Takes the zombies of a process that there are now, and were already when they were counted
  /// before; gives whether that is to be told.
  mutating func isNews(_ zombies: ZombieCount) -> Bool {
    let countBefore = toldBefore.count(of: zombies.parent)
    let isNews = zombies.count >= max(1, 2 &* countBefore)
    told.add(isNews ? zombies.count : countBefore, parent: zombies.parent)
    return isNews
  }
}
