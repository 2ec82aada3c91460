import CLinux
import Supervision

/// All processes that /proc shows, one after the other. It is read into `Scratch`, one at a
/// time.
struct ProcessList: ~Copyable {
  private let directory: Int32
  /// The directory entries that were read and not yet looked at.
  private var rest: Text = ""
  /// Whether all could be read.
  var isComplete: Bool { isAtEnd && !lacksSome }
  private var isAtEnd = false
  /// Whether there is one of which nothing could be read, though it is neither gone nor hidden.
  private var lacksSome = false

  /// Opens /proc. The list is empty if it can't be read, or counts processes otherwise than this
  /// process's PID namespace does.
  init() {
    let directory = unsafe clinux_open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0, !ProcessList.isOwn(directory) {
      _ = close(directory)
      self.directory = -1
    } else {
      self.directory = directory
    }
  }

  deinit { if directory >= 0 { _ = close(directory) } }

  /// The next process, nil after the last. getdents64(2), proc_pid_stat(5)
  @inline(never)
  mutating func next() -> (ProcessID, ProcessStatus)? {
    while true {
      if rest.isEmpty, !readEntries() { return nil }
      let entry = unsafe UnsafeRawPointer(rest.pointer)
      rest = rest.dropFirst(
        Int(unsafe entry.load(fromByteOffset: clinux_entry_length_offset, as: UInt16.self)))
      let name = unsafe Text(
        cString: (entry + Int(clinux_entry_name_offset)).assumingMemoryBound(to: CChar.self))
      guard let process = ProcessID(name) else { continue }
      if let status = ProcessFiles.status(of: process) { return (process, status) }
      switch lastError() {
      case .noSuchFile, .noSuchProcess, .accessDenied, .notPermitted: break
      default: lacksSome = true
      }
    }
  }

  private mutating func readEntries() -> Bool {
    let buffer = unsafe Scratch.memory()
    let count = unsafe clinux_read_directory(
      directory, buffer, UInt(Scratch.capacity))
    isAtEnd = count == 0
    guard count > 0 else { return false }
    rest = unsafe Text(UnsafeRawPointer(buffer), count: count)
    return true
  }

  /// Whether /proc is that of this process's PID namespace: it knows this process by its number.
  private static func isOwn(_ directory: Int32) -> Bool {
    let buffer = unsafe Scratch.memory()
    let count = unsafe clinux_read_link(directory, "self", buffer, Scratch.capacity)
    let number = unsafe Text(UnsafeRawPointer(buffer), count: max(count, 0))
    return ProcessID(number)?.rawValue == getpid()
  }
}
