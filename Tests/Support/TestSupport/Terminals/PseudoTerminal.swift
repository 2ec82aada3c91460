package import Foundation
import Glibc
import Testing

/// A terminal, and the side of it where a user would sit.
package final class PseudoTerminal {
  private let master: Int32
  /// The terminal's own side is held open too: what was shown stays readable whoever closes it.
  private let slave: Int32
  /// The terminal's own file.
  package let path: String

  package init() throws {
    var (master, slave) = (-1 as Int32, -1 as Int32)
    // Wide enough for any command line, and from the start: a shell that reads its size before it
    // is set wraps what is typed.
    var size = winsize(ws_row: 24, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0)
    try check(unsafe openpty(&master, &slave, nil, nil, &size))
    (self.master, self.slave) = (master, slave)
    path = try #require(readLink("/proc/self/fd/\(slave)"))
    for side in [master, slave] { try check(fcntl(side, F_SETFD, FD_CLOEXEC)) }
    try check(fcntl(master, F_SETFL, O_NONBLOCK))
  }

  deinit {
    close(master)
    close(slave)
  }

  package func type(_ text: String) throws {
    let bytes = Array(text.utf8)
    try check(Int32(unsafe write(master, bytes, bytes.count)))
  }

  /// What was shown since the last call.
  package func read() -> String {
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe Glibc.read(master, &chunk, chunk.count)
      if count <= 0 { return String(decoding: text, as: UTF8.self) }
      text += chunk[..<count]
    }
  }

  /// The process group that is the foreground, negative if there is none.
  package var foreground: pid_t { tcgetpgrp(master) }

  /// Whether the kernel gives the input out by lines, as it does but for programs that edit it.
  package var isByLine: Bool { hasMode(ICANON) }

  /// Whether the kernel shows what is typed.
  package var echoes: Bool { hasMode(ECHO) }

  private func hasMode(_ flag: Int32) -> Bool {
    var attributes = termios()
    return unsafe tcgetattr(master, &attributes) == 0
      && attributes.c_lflag & tcflag_t(flag) != 0
  }

  package func resize(rows: UInt16, columns: UInt16) throws {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try check(unsafe ioctl(master, UInt(TIOCSWINSZ), &size))
  }
}
