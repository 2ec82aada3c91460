import CLinux
import Supervision

/// The files that this process has open.
enum Descriptors {
  /// Closes all from a number on. close_range(2)
  static func closeAll(from first: UInt32) {
    if clinux_close_from(first) == 0 { return }
    // Kernels before 5.9 lack the call, and some engines' seccomp profiles forbid it.
    let first = Int32(truncatingIfNeeded: first)
    if !closeListed(from: first) { closeOneByOne(from: first) }
  }

  /// Closes those that /proc lists; gives whether it lists them. proc_pid_fd(5)
  private static func closeListed(from first: Int32) -> Bool {
    // If as many are open as the limit allows, the directory needs the place of one of them.
    _ = close(first)
    var entries = DirectoryEntries(of: "/proc/self/fd")
    let own = entries.descriptor
    // A directory that lacks its own descriptor isn't the right one.
    var hasOwn = false
    while let name = entries.next() {
      guard let number = name.number(upTo: Int64(Int32.max)) else { continue }
      let descriptor = Int32(truncatingIfNeeded: number)
      if descriptor == own {
        hasOwn = true
      } else if descriptor >= first {
        _ = close(descriptor)
      }
    }
    return hasOwn && entries.isAtEnd
  }

  /// Closes all that the limit allows. As PID 1 of a container it may be a billion: this many
  /// are more than are open in practice. getrlimit(2)
  private static func closeOneByOne(from first: Int32) {
    let end = Int32(truncatingIfNeeded: min(clinux_descriptor_limit(), 1 << 16))
    var descriptor = first
    while descriptor < end {
      _ = close(descriptor)
      descriptor &+= 1
    }
  }

  /// Opens a file, until the command is executed; gives its descriptor, or the negative number of the
  /// error. open(2)
  static func open(_ path: CString, _ flags: Int32) -> Int32 {
    unsafe clinux_open(path.pointer, flags | O_CLOEXEC)
  }

  /// Writes as much of a text as is taken; gives how much that is, or the negative number of the error.
  /// write(2)
  static func write(_ text: Text, to descriptor: Int32) -> Int {
    unsafe clinux_write(descriptor, text.pointer, text.count)
  }

  /// The same file by a descriptor that isn't a standard one: those that are closed stay so. The
  /// negative number of an error stays, or comes of it. F_DUPFD_CLOEXEC(2const)
  static func aboveStandard(_ descriptor: Int32) -> Int32 {
    guard descriptor >= 0 && descriptor <= STDERR_FILENO else { return descriptor }
    let other = clinux_duplicate(descriptor, STDERR_FILENO + 1)
    _ = close(descriptor)
    return other
  }
}
