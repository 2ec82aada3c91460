import CLinux
import Supervision

/// The file that Kubernetes reads when a container has terminated. It is opened before the command
/// runs, which then can't replace it.
struct TerminationLog {
  private var descriptor: Int32

  /// Why the file could not be opened, nil if it is open.
  var error: SystemError? { SystemError(of: descriptor) }

  /// Opens the file and empties it; what the command writes to it is kept. A link isn't
  /// followed: an earlier command with fewer privileges may have created it. open(2)
  init(_ path: Text) {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK
    descriptor = Descriptors.aboveStandard(Descriptors.open(unsafe path.cString, flags))
  }

  /// Makes it the first descriptor after the standard ones, now that the command has its own. dup2(2)
  mutating func moveDown() {
    if descriptor != 3, clinux_duplicate_to(descriptor, 3) == 3 { descriptor = 3 }
  }

  /// Adds a message, without the name of the program; gives the error that kept the whole of it from
  /// being written. write(2)
  func write(_ message: borrowing Message) -> SystemError? {
    unsafe message.line.withText { text in
      var rest = text.dropFirst(Message.prefix.count)
      while !rest.isEmpty {
        let written = Descriptors.write(rest, to: descriptor)
        guard written > 0 else {
          let error = SystemError(of: written) ?? .inputOutput
          Signals.discardSignal(of: error)
          return error
        }
        rest = rest.dropFirst(written)
      }
      return nil
    }
  }
}
