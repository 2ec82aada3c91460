import CLinux
import Supervision

/// The terminal that controls this process's session, and which group is its foreground.
///
/// All signals are blocked, so that nothing here is stopped for touching the terminal from the
/// background. No failure matters: there may be no terminal, or it may be gone.
enum Terminal {
  /// What this process's own group is on the controlling terminal. tcgetpgrp(3)
  static var access: TerminalAccess {
    var access = TerminalAccess.none
    _ = withTerminal { terminal in
      access = tcgetpgrp(terminal) == getpgrp() ? .foreground : .background
      return true
    }
    return access
  }

  /// Makes this process's group the foreground. tcsetpgrp(3)
  static func take() {
    _ = withTerminal { tcsetpgrp($0, getpgrp()) == 0 }
  }

  /// Makes a group the foreground if this process's own is; gives whether the group is, then.
  @inline(never)
  static func hand(to group: ProcessID) -> Bool {
    withTerminal { terminal in
      let foreground = tcgetpgrp(terminal)
      if foreground == getpgrp() {
        return getpgid(group.rawValue) == group.rawValue
          && tcsetpgrp(terminal, group.rawValue) == 0
      }
      return foreground == group.rawValue
    }
  }

  /// Makes this process's group the foreground, if COMMAND's or none is now.
  @inline(never)
  static func reclaim(from group: ProcessID) {
    _ = withTerminal { terminal in
      let foreground = tcgetpgrp(terminal)
      let isFree = foreground == group.rawValue || kill(0 &- foreground, 0) != 0
      return isFree && tcsetpgrp(terminal, getpgrp()) == 0
    }
  }

  /// Stops this process, and with it its whole group for a terminal's ^Z, until it is continued;
  /// gives whether COMMAND may go on. setsid(2)
  ///
  /// The kernel doesn't let a process stop that nobody could continue. A COMMAND that wants the
  /// terminal would stop again at once then, and again. Without swinit the kernel would refuse it
  /// the terminal; so it does when swinit isn't in the session any more.
  @inline(never)
  static func stop(_ signal: Signal, wholeGroup: Bool, takingFrom group: ProcessID) -> Bool {
    reclaim(from: group)
    _ = kill(wholeGroup ? 0 : getpid(), signal.rawValue)
    Signals.suffer(signal)
    // What continued it was for it alone; COMMAND gets its own.
    return Signals.takePending(SignalSet(.continue)) != nil || signal == .terminalStop
      || setsid() >= 0
  }

  private static func withTerminal(_ body: (Int32) -> Bool) -> Bool {
    let own = openOwn()
    defer { if own >= 0 { _ = close(own) } }
    let terminal = own >= 0 ? own : standard()
    return terminal >= 0 && body(terminal)
  }

  /// A new descriptor of the terminal, negative if there is none.
  private static func openOwn() -> Int32 {
    unsafe clinux_open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
  }

  /// Where /dev lacks the terminal: a standard descriptor that is it, negative if none is.
  private static func standard() -> Int32 {
    guard lastError() != .noSuchDeviceOrAddress else { return -1 }
    for descriptor in STDIN_FILENO...STDERR_FILENO where tcgetpgrp(descriptor) >= 0 {
      return descriptor
    }
    return -1
  }
}
