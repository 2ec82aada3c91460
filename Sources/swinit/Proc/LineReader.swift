import CLinux
import Supervision

/// A file of lines, as the kernel writes them. It is read into `Scratch`, one at a time.
struct LineReader: ~Copyable {
  /// How much is read at a time, and so the longest line that comes whole.
  private static let capacity = 1024

  /// How many pieces are read at most: what somebody mounted in the file's place may have no end, and
  /// signals wait meanwhile. 100,000 mounts, the kernel's limit, take 20 MB of mountinfo.
  private static let pieces = 1 << 16

  private let descriptor: Int32
  private var piecesRead = 0
  /// What was read and not yet given.
  private var rest: Text = ""

  /// Opens a file; nothing is read from one that can't be. What somebody mounted in its place may be
  /// a pipe, which isn't waited for. open(2)
  init(_ path: UnsafePointer<CChar>) {
    descriptor = unsafe clinux_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// The next line, nil after the last; the next call overwrites it. One that is longer than any of
  /// interest comes in pieces. read(2)
  @inline(never)
  mutating func next() -> Text? {
    while piecesRead < LineReader.pieces {
      if let end = rest.firstIndex(of: .ascii("\n")) {
        defer { rest = rest.dropFirst(end &+ 1) }
        return rest.prefix(end)
      }
      let buffer = unsafe Scratch.memory()
      let kept = rest.count < LineReader.capacity ? rest.count : 0
      unsafe memmove(buffer, rest.pointer, kept)
      let count = unsafe clinux_read(descriptor, buffer + kept, LineReader.capacity &- kept)
      guard count > 0 else { return nil }
      rest = unsafe Text(UnsafeRawPointer(buffer), count: kept &+ count)
      piecesRead &+= 1
    }
    return nil
  }
}
