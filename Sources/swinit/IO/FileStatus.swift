import CLinux
import Supervision

/// Which file something is, and of what type. statx(2), inode(7)
struct FileStatus {
  private let file: clinux_file

  /// The file that a path leads to, nil if it can't be reached.
  init?(of path: CString) { self.init(AT_FDCWD, path) }

  /// The file that a descriptor is open on, nil if it is closed.
  init?(of descriptor: Int32) { self.init(descriptor, "") }

  private init?(_ descriptor: Int32, _ path: CString) {
    var file = clinux_file()
    guard unsafe clinux_file_status(descriptor, path.pointer, &file) == 0 else { return nil }
    self.file = file
  }

  /// Whether it is of a type, such as `S_IFDIR`.
  func isOf(type: Int32) -> Bool { file.mode & UInt32(S_IFMT) == UInt32(type) }

  /// Whether the owner, the group or all others may execute it.
  var isMarkedExecutable: Bool { file.mode & 0o111 != 0 }

  /// Whether both are the same file.
  func isSameFile(as other: FileStatus) -> Bool {
    file.device == other.file.device && file.inode == other.file.inode
  }
}
