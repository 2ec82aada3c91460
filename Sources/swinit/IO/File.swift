import CLinux
import Supervision

extension SystemError {
  /// The error that a call of CLinux returned, nil if it returned a result.
  init?(of result: Int) {
    guard result < 0 else { return nil }
    self.init(rawValue: Int32(truncatingIfNeeded: 0 &- result))
  }

  /// The error that a call of CLinux returned, nil if it returned a result.
  init?(of result: Int32) { self.init(of: Int(result)) }
}

extension CString {
  /// A check of access(2).
  enum Question: Int32 {
    /// Whether it exists, and can be reached.
    case exists = 0
    /// Whether this process's real user may execute it.
    case isExecutable = 1
  }

  /// Nil if it is so of the file with this path; otherwise the error. access(2)
  func error(_ question: Question) -> SystemError? {
    unsafe SystemError(of: clinux_access(pointer, question.rawValue))
  }
}

/// A file that is open for reading, unless that failed. It is closed with the value.
struct File: ~Copyable {
  /// The descriptor, or the negative number of the error that opening it came to.
  let descriptor: Int32

  /// Opens a file. A pipe or a terminal may have been mounted in its place: opening it must neither block
  /// nor make it the controlling terminal. open(2)
  init(_ path: CString?, flags: Int32 = O_NONBLOCK | O_NOCTTY) {
    descriptor = path.map { Descriptors.open($0, O_RDONLY | flags) } ?? -ENAMETOOLONG
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Reads into memory, from an offset on; gives how many bytes that are, or the negative number of the
  /// error. read(2)
  func read(into memory: Memory, at offset: Int = 0) -> Int {
    guard descriptor >= 0 else { return Int(descriptor) }
    return unsafe clinux_read(descriptor, memory.start + offset, memory.capacity &- offset)
  }

  /// The first bytes, or the error.
  static func head(of path: CString?) -> Result<Text, SystemError> {
    let count = File(path).read(into: .file)
    if let error = SystemError(of: count) { return .failure(error) }
    return .success(Memory.file.text(count: count))
  }
}
