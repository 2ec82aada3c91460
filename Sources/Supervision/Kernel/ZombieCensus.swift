/// How many zombie children a process has.
public struct ZombieCount: Hashable, Sendable {
  /// The process.
  public var parent: ProcessID
  /// How many of its children are zombies.
  public var count: Int

  /// A process, and the number of its zombies.
  public init(parent: ProcessID, count: Int) {
    self.parent = parent
    self.count = count
  }
}

/// How many zombie children each process has. There is room for a few processes only: in practice few
/// have any.
public struct ZombieCensus: Sendable {
  // Two arrays of plain numbers take less code to set up than one of structures.
  private var parents = InlineArray<16, Int32>(repeating: 0)
  private var counts = InlineArray<16, Int32>(repeating: 0)
  private var length = 0

  /// No zombies.
  public init() {}

  /// Counts zombies of a process, unless it is one process too many.
  @inline(never)  // 144 bytes
  public mutating func add(_ zombies: Int, parent: ProcessID) {
    let index = index(of: parent)
    guard parents.indices ~= index else { return }
    parents[index] = parent.rawValue
    counts[index] &+= Int32(truncatingIfNeeded: zombies)
    length = max(length, index &+ 1)
  }

  /// Removes one of the processes; nil when there is none left.
  public mutating func takeNext() -> ZombieCount? {
    let last = length &- 1
    guard parents.indices ~= last else { return nil }
    length = last
    return ZombieCount(parent: ProcessID(rawValue: parents[last]), count: Int(counts[last]))
  }

  /// How many zombies this process has.
  func count(of parent: ProcessID) -> Int {
    let index = index(of: parent)
    return index < length && counts.indices ~= index ? Int(counts[index]) : 0
  }

  /// The index of a process, or the first free one.
  private func index(of parent: ProcessID) -> Int {
    for index in parents.indices where index < length && parents[index] == parent.rawValue {
      return index
    }
    return length
  }
}
