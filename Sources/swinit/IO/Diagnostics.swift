import CLinux
import Supervision

/// Messages on standard error, which may be full or closed, and must neither block nor kill swinit.
struct Diagnostics {
  private var standardError = StandardError()
  /// How many messages were dropped, or written in part, since the last that wasn't.
  private var dropped = 0

  /// Writes the message, or counts it as dropped; before it, how many were dropped.
  mutating func write(_ message: borrowing Message) {
    if dropped > 0 {
      var notice = Message(message.format)
      Report.messagesDropped(dropped).write(
        to: &notice, command: "", killed: Summary.KilledProcesses())
      guard standardError.write(notice.line) else {
        dropped &+= 1
        return
      }
      dropped = 0
    }
    if !standardError.write(message.line) { dropped &+= 1 }
  }

  /// Writes the line, or does without it.
  static func write(_ line: borrowing Line) {
    var standardError = StandardError()
    _ = standardError.write(line)
    standardError.release()
  }

  /// Closes what was opened to write messages; the next one opens it again.
  mutating func release() { standardError.release() }
}
