import CLinux
import Supervision

/// Standard output, to which swinit writes only what it is asked to print.
enum StandardOutput {
  /// Writes a line, waiting for it where necessary; gives the error if it can't. write(2)
  static func write(_ line: borrowing Line) -> SystemError? {
    unsafe line.withText { text in
      var rest = text
      while !rest.isEmpty {
        let written = Descriptors.write(rest, to: STDOUT_FILENO)
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if SystemError(of: written) == .tryAgain {
          // Other programs may have made it non-blocking.
          clinux_await_writable(STDOUT_FILENO)
        } else {
          return SystemError(of: written) ?? .inputOutput
        }
      }
      return nil
    }
  }
}
