import CLinux
import Supervision

/// Standard output, to which swinit writes only what it is asked to print.
enum StandardOutput {
  /// Writes a line, waiting for it where necessary; gives the error if it can't. write(2)
  static func write(_ line: borrowing Line) -> SystemError? {
    unsafe line.withBytes { bytes in
      guard let start = bytes.baseAddress else { return nil }
      var rest = unsafe Text(start, count: bytes.count)
      while !rest.isEmpty {
        let written = unsafe clinux_write(STDOUT_FILENO, rest.pointer, rest.count)
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
