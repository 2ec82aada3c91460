import CLinux
import Supervision

/// The file that Kubernetes reads when a container has ended. It is opened before COMMAND runs,
/// which can't put another in its place.
struct TerminationLog {
  private var descriptor: Int32

  /// Whether the file could be opened; otherwise the error is the last one.
  var isOpen: Bool { descriptor >= 0 }

  /// Opens the file and empties it; what COMMAND writes to it by itself stays. A link isn't
  /// followed: an earlier COMMAND with fewer rights may have put it there. open(2)
  init(_ path: Text) {
    let flags =
      O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK
    descriptor = unsafe clinux_open(path.cString, flags)
    descriptor = Descriptors.aboveStandard(descriptor)
  }

  /// Makes it the first descriptor after the standard ones, now that COMMAND has its own. dup2(2)
  mutating func moveDown() {
    if descriptor != 3, clinux_move(descriptor, 3) == 3 { descriptor = 3 }
  }

  /// Adds a message, without the name of who says it. write(2)
  func write(_ message: borrowing Message) {
    unsafe message.line.withBytes { bytes in
      let prefix = Message.prefix.count
      if let start = bytes.baseAddress, bytes.count > prefix {
        _ = unsafe clinux_write(descriptor, start + prefix, bytes.count &- prefix)
      }
    }
  }
}
