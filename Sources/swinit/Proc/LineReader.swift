import CLinux
import Supervision

/// A file of lines, as the kernel writes them. One is read at a time.
struct LineReader: ~Copyable {
  /// How many pieces are read at most: a file that was mounted in its place may be endless, and
  /// signals wait meanwhile. 100,000 mounts, the kernel's limit, take 20 MB of mountinfo.
  private static let pieces = 1 << 16

  private let file: File
  private var piecesRead = 0
  /// What was read and not returned yet.
  private var rest: Text = ""

  /// Opens a file; nothing is read from one that can't be.
  init(_ path: CString?) { file = File(path) }

  /// The next line, nil after the last; the next call overwrites it. One that is longer than the memory
  /// comes in pieces. read(2)
  @inline(never)  // 272 bytes
  mutating func next() -> Text? {
    while piecesRead < LineReader.pieces {
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
      piecesRead &+= 1
    }
    return nil
  }
}
