import CLinux
import Supervision

/// The names in a directory. One directory is read at a time. getdents64(2)
struct DirectoryEntries: ~Copyable {
  private let file: File
  /// How many more names are given: no more than there can be processes. What is mounted in place of
  /// /proc may have no end.
  private var limit = Int(clinux_process_limit)
  /// Whether all names were read.
  private(set) var isAtEnd = false
  /// What was read and not yet given.
  private var rest: Text = ""

  /// Opens a directory. open(2)
  init(of path: CString) { file = File(path, flags: O_DIRECTORY) }

  /// The directory's descriptor, negative if it couldn't be opened; then it has no names.
  var descriptor: Int32 { file.descriptor }

  /// The next name, nil after the last; the next call may overwrite it.
  @inline(never)  // 128 bytes
  mutating func next() -> Text? {
    limit &-= 1
    guard limit > 0, !rest.isEmpty || read() else { return nil }
    let name = rest.dropFirst(Int(clinux_entry_name_offset)).split(at: 0).head
    rest = rest.dropFirst(rest.integer(at: Int(clinux_entry_length_offset), size: 2))
    return name
  }

  private mutating func read() -> Bool {
    let memory = Memory.listing
    let count = unsafe clinux_read_directory(file.descriptor, memory.start, memory.capacity)
    isAtEnd = count == 0
    guard count > 0 else { return false }
    rest = memory.text(count: count)
    return true
  }
}
