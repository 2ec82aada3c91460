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
        guard written > 0 else { return SystemError(of: written) ?? .inputOutput }
        rest = rest.dropFirst(written)
      }
      return nil
    }
  }
}
