import CLinux
import Supervision

/// A file of lines, as the kernel writes them. One is read at a time.
struct LineReader: ~Copyable {
  private let file: File
  /// How many pieces of 1 kB may still be read.
  private var pieces: Int
  /// What was read and not returned yet.
  private var rest: Text = ""

  /// Opens a file; nothing is read from one that can't be. At most so many pieces are read: a file that
  /// was mounted in its place may be endless, and signals wait meanwhile.
  init(_ path: CString?, pieces: Int = 64) {
    file = File(path)
    self.pieces = pieces
  }

  /// The next line, nil after the last; the next call overwrites it. One that is longer than the memory
  /// comes in pieces. read(2)
  @inline(never)  // 272 bytes
  mutating func next() -> Text? {
    while pieces > 0 {
      if let end = rest.firstIndex(of: .ascii("\n")) {
        defer { rest = rest.dropFirst(end &+ 1) }
        return rest.prefix(end)
      }
      let memory = Memory.listing
      let kept = rest.count < memory.capacity ? rest.count : 0
      unsafe memmove(memory.start, rest.pointer, kept)
      let count = file.read(into: memory, at: kept)
      guard count > 0 else { return nil }
      rest = memory.text(count: kept &+ count)
      pieces &-= 1
    }
    return nil
  }
}
