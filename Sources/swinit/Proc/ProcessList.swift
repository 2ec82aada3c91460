import CLinux
import Supervision

/// All processes that /proc shows, one after the other. One list is read at a time.
struct ProcessList: ~Copyable {
  private var entries = DirectoryEntries(of: "/proc")
  /// The number by which /proc knows this process, nil if it doesn't show it. proc(5)
  let ownNumber: ProcessID?
  /// Whether it counts processes as this process's PID namespace does.
  private let isOwn: Bool
  /// Whether all could be read.
  var isComplete: Bool { entries.isAtEnd && unreadable == nil }
  /// Why one could not be read, although it is neither reaped nor hidden.
  private var unreadable: SystemError?
  /// Why not all could be read, as far as an error says it.
  var error: SystemError? { unreadable ?? SystemError(of: entries.descriptor) }

  /// Opens /proc.
  @inline(never)  // 224 bytes
  init() {
    let memory = Memory.listing
    let count = unsafe clinux_read_link(
      entries.descriptor, "self", memory.start, memory.capacity)
    ownNumber = ProcessID(memory.text(count: count))
    isOwn = ownNumber?.rawValue == getpid()
  }

  /// The next process, nil after the last; none if /proc counts processes otherwise than this
  /// process's PID namespace does.
  @inline(never)  // 176 bytes
  mutating func next() -> (ProcessID, ProcessStatus)? {
    while isOwn, let (process, line) = nextLine() {
      guard let status = ProcessStatus(line) else {
        unreadable = .inputOutput
        continue
      }
      // One that is being released is gone.
      if status.state != .ascii("X") { return (process, status) }
    }
    return nil
  }

  /// The next process with its line of /proc/PID/stat, which the next call overwrites; nil after the
  /// last. proc_pid_stat(5)
  @inline(never)  // 384 bytes
  mutating func nextLine() -> (ProcessID, Text)? {
    while let name = entries.next() {
      guard let process = ProcessID(name) else { continue }
      switch ProcessFiles.statusLine(of: process) {
      case .success(let line): return (process, line)
      case .failure(.noSuchFile), .failure(.noSuchProcess), .failure(.accessDenied),
        .failure(.notPermitted):
        break
      case .failure(let error): unreadable = error
      }
    }
    return nil
  }
}
