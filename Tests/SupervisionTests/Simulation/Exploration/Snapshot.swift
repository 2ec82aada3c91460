@testable import Supervision

/// A policy that can be copied and compared, though it can't itself: its memory is what is copied.
struct Snapshot<P: Policy & ~Copyable>: Policy, Hashable {
  private var words: [UInt64]

  init(_ policy: consuming P) {
    precondition(_isPOD(P.self), "it has nothing that mayn't be copied bit by bit")
    words = Array(repeating: 0, count: MemoryLayout<P>.size / 8 + 1)
    let memory = UnsafeMutablePointer<P>.allocate(capacity: 1)
    unsafe memory.initialize(to: policy)
    unsafe words.withUnsafeMutableBytes {
      unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: memory, count: MemoryLayout<P>.size))
    }
    unsafe memory.deallocate()
  }

  mutating func handle(_ event: Event) -> Action {
    unsafe words.withUnsafeMutableBytes {
      unsafe $0.assumingMemoryBound(to: P.self)[0].handle(event)
    }
  }

  func hash(into hasher: inout Hasher) {
    unsafe words.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}
