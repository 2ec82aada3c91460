/// Processes as trees: each comes before its children, and siblings are in the order of their numbers.
///
/// Neither depth nor number is limited: nothing here calls itself, and the memory is the caller's.
@safe
public struct ProcessForest {
  /// The processes, in ascending order of their numbers.
  private let memory: UnsafeMutablePointer<ListedProcess>
  /// How many processes fit.
  private let capacity: Int
  /// How many there are.
  private var count = 0
  /// The next process to return, negative after the last; and how many ancestors of it are shown.
  private var position: Int32 = -1
  private var depth = 0

  /// No processes, with memory that is zero, and must live as long as the forest.
  public init(_ memory: UnsafeMutableRawPointer, size: Int) {
    capacity = size / MemoryLayout<ListedProcess>.stride
    unsafe self.memory = memory.bindMemory(to: ListedProcess.self, capacity: capacity)
  }

  /// Whether there is no process.
  public var isEmpty: Bool { count == 0 }

  /// The process at an index, which must be less than `count`.
  private subscript(index: Int) -> ListedProcess {
    get { unsafe memory[index] }
    nonmutating _modify { yield unsafe &memory[index] }
  }

  /// Adds a process, whose number is higher than those before, as the kernel lists them; false if
  /// there is no room.
  public mutating func append(_ process: ListedProcess) -> Bool {
    guard count < capacity else { return false }
    self[count] = process
    count &+= 1
    return true
  }

  /// Links each process to its parent. One whose parent isn't there begins a tree.
  public mutating func link() {
    var index = count
    // Backwards, since each comes before those that are already in its list.
    while index > 0 {
      index &-= 1
      let child = Int32(truncatingIfNeeded: index)
      if let parent = parent(of: self[index]) {
        self[index].indexOfParent = Int32(truncatingIfNeeded: parent)
        self[index].nextSibling = self[parent].firstChild
        self[parent].firstChild = child
      } else {
        self[index].nextSibling = position
        position = child
      }
    }
  }

  /// The next process, and how many of its ancestors come before it; nil after the last.
  public mutating func next() -> (process: ListedProcess, depth: Int)? {
    guard position >= 0 else { return nil }
    var index = Int(position)
    let result = (self[index], depth)
    position = self[index].firstChild
    if position >= 0 {
      depth &+= 1
      return result
    }
    // Up to the nearest ancestor that has another sibling.
    while self[index].nextSibling < 0 && self[index].indexOfParent >= 0 {
      index = Int(self[index].indexOfParent)
      depth &-= 1
    }
    position = self[index].nextSibling
    return result
  }

  /// The index of a process's parent, nil if it isn't there.
  private func parent(of child: ListedProcess) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low &+ high) / 2
      if self[middle].process.rawValue < child.parent.rawValue {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    let isParent = low < count && self[low].process == child.parent && self[low].precedes(child)
    return isParent ? low : nil
  }
}
