import CLinux
import Supervision

/// Messages on standard error, which may be full or closed, and must neither block nor kill swinit.
struct Diagnostics {
  /// How many messages were dropped since the last that wasn't.
  private var dropped = 0

  /// Writes the message, or counts it as dropped; in the format, it is said how many were.
  mutating func write(_ message: borrowing Message, _ format: Message.Format) {
    if dropped > 0 {
      let notice = Report.messagesDropped(dropped).message(
        format, command: "", summary: Summary())
      guard Diagnostics.attempt(notice.line) else {
        dropped &+= 1
        return
      }
      dropped = 0
    }
    if !Diagnostics.attempt(message.line) { dropped &+= 1 }
  }

  /// Writes the line, or does without it.
  static func write(_ line: borrowing Line) { _ = attempt(line) }

  /// Writes the line if that can be done at once.
  private static func attempt(_ line: borrowing Line) -> Bool {
    // A pipe that takes anything takes PIPE_BUF bytes, and a line has no more. pipe(7)
    guard clinux_takes_write(STDERR_FILENO) != 0 else { return false }
    let written = unsafe line.withBytes { bytes in
      unsafe clinux_write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
    if written < 0 && lastError() == .brokenPipe { takeBackBrokenPipe() }
    return written >= 0
  }

  /// The write left a SIGPIPE pending, which isn't for COMMAND; one that somebody else sent is.
  private static func takeBackBrokenPipe() {
    let me = ProcessID(rawValue: getpid())
    let taken = Signals.takePending(SignalSet(.brokenPipe))
    if let taken, taken.sender != .process(me) {
      _ = Signals.send(.brokenPipe, to: .process(me))
    }
  }
}
