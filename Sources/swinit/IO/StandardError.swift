import CLinux
import Supervision

/// Standard error, which is written without ever waiting for it.
///
/// That select(2) calls it writable is not enough: the command may fill a pipe before the write, and a
/// terminal that turns newlines into two characters has less room than it promises. The open file
/// itself must stay as it is, since others share it. So a terminal or a pipe is opened once more.
struct StandardError {
  private var channel = Channel.unknown
  /// Whether the last line was written in part only.
  private var isIncomplete = false

  /// The way in which it can be written.
  private enum Channel {
    /// It is not examined yet: nothing was written.
    case unknown
    /// A pipe that no process reads.
    case noReader
    /// By a non-blocking descriptor of swinit's own.
    case own(Int32)
    /// It is a socket.
    case socket
    /// As it is, when select(2) calls it writable: a file, or something that can't be opened again.
    case shared
  }

  /// Writes a line if that can be done at once; gives whether the whole of it was written. Where a
  /// line is incomplete, the next begins on a line of its own.
  @inline(never)  // 160 bytes
  mutating func write(_ line: borrowing Line) -> Bool {
    if isIncomplete {
      guard put("\n") == 1 else { return false }
      isIncomplete = false
    }
    let written = unsafe line.withText { put($0) }
    isIncomplete = written > 0 && written < line.count
    return written == line.count
  }

  /// Closes what was opened to write. Standard error itself stays open.
  mutating func release() {
    if case .own(let descriptor) = channel { _ = close(descriptor) }
    channel = .unknown
  }

  /// Writes as much as can be written at once; gives how much that is, negative on failure.
  private mutating func put(_ text: Text) -> Int {
    switch channel {
    case .unknown, .noReader: channel = StandardError.open()
    case .own, .socket, .shared: break
    }
    if case .socket = channel {
      let sent = unsafe clinux_send(STDERR_FILENO, text.pointer, text.count)
      switch SystemError(of: sent) {
      // A seccomp profile may forbid the call.
      case .notImplemented?, .notPermitted?: channel = .shared
      default: return sent
      }
    }
    var descriptor = STDERR_FILENO
    switch channel {
    case .own(let own): descriptor = own
    case .shared: break
    case .unknown, .noReader, .socket: return -1
    }
    // A pipe that takes anything takes PIPE_BUF bytes, and a line has no more. Without the question, a
    // full one would take the short notice about dropped messages, but not the message after it.
    guard clinux_is_writable(STDERR_FILENO) != 0 else { return -1 }
    let written = Descriptors.write(text, to: descriptor)
    if let error = SystemError(of: written) { Signals.discardSignal(of: error) }
    return written
  }

  /// Finds out what standard error is. A terminal doesn't become the controlling one by that.
  /// proc_pid_fd(5), fifo(7)
  private static func open() -> Channel {
    guard let status = FileStatus(of: STDERR_FILENO) else { return .shared }
    if status.isOf(type: S_IFSOCK) { return .socket }
    let isPipe = status.isOf(type: S_IFIFO)
    // To open the master of a pseudoterminal again would make another pseudoterminal.
    guard isPipe || isatty(STDERR_FILENO) != 0 && clinux_is_terminal_master(STDERR_FILENO) == 0,
      clinux_is_open_for_writing(STDERR_FILENO) != 0
    else { return .shared }
    let descriptor = Descriptors.aboveStandard(
      Descriptors.open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY))
    if let error = SystemError(of: descriptor) {
      return isPipe && error == .noSuchDeviceOrAddress ? .noReader : .shared
    }
    // A process that may mount over /proc could have put another file there.
    guard let own = FileStatus(of: descriptor), own.isSameFile(as: status) else {
      _ = close(descriptor)
      return .shared
    }
    return .own(descriptor)
  }
}
