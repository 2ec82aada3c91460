import CLinux
import Supervision

/// A set of processes, one bit each, in memory that is allocated when it is first written.
struct ProcessSet {
  private let use: Use
  /// How many words of the memory may not be zero.
  private var words = 0

  /// What a set is for. There can be one of each at a time.
  enum Use: Int32 {
    case descendants
    case zombiesBefore
    case zombiesNow
    case killedBefore
    case killedNow
  }

  /// A set that is empty if the last one of this use was left so.
  init(_ use: Use) { self.use = use }

  /// Adds a process, whose number the kernel gave; gives whether it was not in the set.
  @discardableResult
  mutating func insert(_ process: ProcessID) -> Bool {
    let (index, bit) = ProcessSet.place(of: process)
    words = max(words, index &+ 1)
    let isNew = self[index] & bit == 0
    self[index] |= bit
    return isNew
  }

  /// Removes a process.
  func remove(_ process: ProcessID) {
    let (index, bit) = ProcessSet.place(of: process)
    self[index] &= ~bit
  }

  /// Whether a process, whose number the kernel gave, is in the set.
  @inline(never)  // 80 bytes
  func contains(_ process: ProcessID) -> Bool {
    let (index, bit) = ProcessSet.place(of: process)
    return self[index] & bit != 0
  }

  /// The word and the bit of a process, whatever its number is.
  private static func place(of process: ProcessID) -> (index: Int, bit: UInt64) {
    let number = Int(process.rawValue) & (ProcessID.limit - 1)
    return (number / 64, 1 &<< UInt64(truncatingIfNeeded: number))
  }

  /// Removes all; the memory is zero for the next set of this use.
  mutating func removeAll() {
    clear()
    words = 0
  }

  /// Clears the memory for the next set of this use. This one must not be used any more.
  @inline(never)  // 32 bytes
  func clear() {
    for index in SafeRange(words) { self[index] = 0 }
  }

  private subscript(index: Int) -> UInt64 {
    get { unsafe clinux_process_set_buffer(use.rawValue)[index] }
    nonmutating set { unsafe clinux_process_set_buffer(use.rawValue)[index] = newValue }
  }
}
