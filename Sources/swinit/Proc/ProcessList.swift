import CLinux
import Supervision

/// All processes that /proc shows, one after the other. One list is read at a time.
struct ProcessList: ~Copyable {
  private var entries = DirectoryEntries(of: "/proc")
  /// Whether it counts processes as this process's PID namespace does.
  private let isOwn: Bool
  /// Whether all could be read.
  var isComplete: Bool { entries.isAtEnd && !hasUnreadable }
  /// Whether one could not be read, although it is neither reaped nor hidden.
  private var hasUnreadable = false

  /// Opens /proc. The list is empty if it can't be read, or counts processes otherwise than this
  /// process's PID namespace does.
  @inline(never)  // 224 bytes
  init() { isOwn = ProcessList.isOwn(entries.descriptor) }

  /// The next process, nil after the last. proc_pid_stat(5)
  @inline(never)  // 176 bytes
  mutating func next() -> (ProcessID, ProcessStatus)? {
    guard isOwn else { return nil }
    while let name = entries.next() {
      guard let process = ProcessID(name) else { continue }
      switch ProcessFiles.status(of: process) {
      case .success(let status): return (process, status)
      case .failure(.noSuchFile), .failure(.noSuchProcess), .failure(.accessDenied),
        .failure(.notPermitted):
        break
      case .failure: hasUnreadable = true
      }
    }
    return nil
  }

  /// Whether /proc is that of this process's PID namespace: it knows this process by its number.
  private static func isOwn(_ directory: Int32) -> Bool {
    ownNumber(in: directory)?.rawValue == getpid()
  }

  /// The number by which /proc knows this process, nil if it doesn't show it. proc(5)
  static func ownNumber(in directory: Int32) -> ProcessID? {
    let memory = Memory.listing
    let count = unsafe clinux_read_link(directory, "self", memory.start, memory.capacity)
    return ProcessID(memory.text(count: count))
  }
}
