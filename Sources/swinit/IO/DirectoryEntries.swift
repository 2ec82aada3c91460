import CLinux
import Supervision

/// The names in a directory. They are read into `Scratch`, one directory at a time. getdents64(2)
struct DirectoryEntries: ~Copyable {
  /// The directory's descriptor, negative if it couldn't be opened; then it has no names.
  let descriptor: Int32
  /// How many more names are given: no more than there can be processes. What is mounted in place of
  /// /proc may have no end.
  private var limit = Int(clinux_process_limit)
  /// Whether all names were read.
  private(set) var isAtEnd = false
  /// What was read and not yet given.
  private var rest: Text = ""

  /// Opens a directory. open(2)
  init(of path: Text) {
    descriptor = unsafe clinux_open(path.cString, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// The next name, nil after the last; the next call may overwrite it.
  @inline(never)
  mutating func next() -> Text? {
    limit &-= 1
    guard limit > 0, !rest.isEmpty || read() else { return nil }
    let entry = unsafe UnsafeRawPointer(rest.pointer)
    rest = rest.dropFirst(
      Int(unsafe entry.load(fromByteOffset: clinux_entry_length_offset, as: UInt16.self)))
    return unsafe Text(
      cString: (entry + Int(clinux_entry_name_offset)).assumingMemoryBound(to: CChar.self))
  }

  private mutating func read() -> Bool {
    let buffer = unsafe Scratch.memory()
    let count = unsafe clinux_read_directory(descriptor, buffer, UInt(Scratch.capacity))
    isAtEnd = count == 0
    guard count > 0 else { return false }
    rest = unsafe Text(UnsafeRawPointer(buffer), count: count)
    return true
  }
}
