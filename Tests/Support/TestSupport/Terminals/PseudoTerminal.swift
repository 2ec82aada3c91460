package import Foundation
import Glibc
import Testing

/// A pseudoterminal, used from the user's side.
package final class PseudoTerminal {
  private let master: Int32
  /// The slave is kept open so that output stays readable after all processes have closed it.
  private let slave: Int32
  /// The path of the slave.
  package let path: String

  package init() throws {
    var (master, slave) = (-1 as Int32, -1 as Int32)
    // Wide enough for any command line, and set at once: a shell that reads the size earlier wraps
    // the lines that are typed.
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

  /// The output since the last call.
  package func read() -> String {
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe Glibc.read(master, &chunk, chunk.count)
      if count <= 0 { return String(decoding: text, as: UTF8.self) }
      text += chunk[..<count]
    }
  }

  /// The foreground process group; negative if there is none.
  package var foreground: pid_t { tcgetpgrp(master) }

  /// Whether the terminal is in canonical mode, in which input is delivered by lines.
  package var isByLine: Bool { hasMode(ICANON) }

  /// Whether the terminal echoes input.
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
