import CLinux

/// Which file something is, and of what type. stat(2), inode(7)
struct FileStatus {
  private let status: stat

  /// The file that a path leads to, nil if it can't be reached.
  init?(of path: UnsafePointer<CChar>) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.status = status
  }

  /// The file that a descriptor is open on, nil if it is closed.
  init?(of descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.status = status
  }

  /// Whether it is of a type, such as `S_IFDIR`.
  func isOf(type: Int32) -> Bool { status.st_mode & mode_t(S_IFMT) == mode_t(type) }

  /// Whether the owner, the group or all others may execute it.
  var isMarkedExecutable: Bool { status.st_mode & 0o111 != 0 }

  /// Whether both are the same file.
  func isSameFile(as other: FileStatus) -> Bool {
    status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino
  }
}
