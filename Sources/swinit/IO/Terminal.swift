import CLinux
import Supervision

/// The terminal that controls this process's session, and the process group that is its foreground.
///
/// All signals are blocked, so nothing here is stopped for touching the terminal from the
/// background. No failure matters: there may be no terminal, or it may have been closed.
/// credentials(7), ioctl_tty(2)
enum Terminal {
  /// Which process group is the foreground.
  private enum Foreground {
    case command
    case ownGroup
    /// A group whose processes have all exited.
    case emptyGroup
    /// A group that exists, or may exist.
    case otherGroup
  }

  /// What the terminal has to do with a command that is about to be started: that takes the
  /// foreground only if it is swinit's, and if both its input and its output are the terminal.
  /// Otherwise another member of the job may be reading from it, such as a pager.
  static var access: TerminalAccess {
    var access = TerminalAccess.none
    _ = withTerminal { terminal in
      let isForeground =
        controls(STDIN_FILENO) && controls(STDOUT_FILENO) && isOwnGroupForeground(terminal)
      access = isForeground ? .foreground : .background
      return true
    }
    return access
  }

  /// Makes this process's group the foreground, in a child that leads it. Standard input is the
  /// terminal then. tcsetpgrp(3)
  static func take() { _ = tcsetpgrp(STDIN_FILENO, getpid()) }

  /// Reclaims the terminal from a child that could not become the command. No other
  /// process knows that group.
  static func reclaim(fromFailed process: pid_t) {
    if tcgetpgrp(STDIN_FILENO) == process { _ = reclaim(STDIN_FILENO) }
  }

  /// Makes the command's group the foreground if this process's own is, or none; returns whether it
  /// is then. tcsetpgrp(3)
  static func lend(to command: ProcessID) -> Bool {
    withTerminal { terminal in
      // Where the command is: in another group it would stop again at once.
      foreground(of: terminal, command) != .otherGroup
        && tcsetpgrp(terminal, getpgid(command.rawValue)) == 0
    }
  }

  /// Makes this process's own group the foreground, if the command's is, or none.
  static func reclaim(from command: ProcessID, requestedBy process: ProcessID?) -> ReclaimOutcome {
    var outcome = ReclaimOutcome.leftToOtherGroup
    if let process, !isOtherSwinit(process) { return outcome }
    _ = withTerminal { terminal in
      switch foreground(of: terminal, command) {
      case .command: outcome = reclaim(terminal) ? .reclaimedFromCommand : .leftToCommand
      case .ownGroup: outcome = .alreadyOwn
      case .emptyGroup: if reclaim(terminal) { outcome = .reclaimedFromEmptyGroup }
      case .otherGroup: break
      }
      return true
    }
    // Another member of the group has stopped because it lacks the terminal, just before it came back.
    // (A pending TSTP is the keyboard's, and stays.)
    if outcome != .leftToOtherGroup && outcome != .leftToCommand
      && Signals.isPending(.backgroundAccess) && !Signals.isPending(SignalSet(.terminalStop))
    {
      continueOwnGroup()
    }
    return outcome
  }

  /// Asks the swinit in this process's group whose command has the terminal for it; returns whether
  /// there is one. Stopping for a moment instead would be visible: a shell that doesn't wait for
  /// continued children, such as busybox's, takes the job for stopped once the other swinit exits.
  private static func askOtherSwinit(_ terminal: Int32, _ signal: Signal) -> Bool {
    guard
      case .success(let leader) = ProcessFiles.status(of: ProcessID(rawValue: tcgetpgrp(terminal))),
      isOtherSwinit(leader.parent)
    else { return false }
    return kill(leader.parent.rawValue, signal.rawValue) == 0
  }

  /// Whether a process is another swinit in this process's group, which asks for the terminal by TTIN
  /// or TTOU: one of the same name. Any other member sends them for reasons of its own.
  @inline(never)  // 48 bytes
  private static func isOtherSwinit(_ process: ProcessID) -> Bool {
    getpgid(process.rawValue) == getpgrp()
      && ProcessFiles.name(of: process) == ProcessFiles.name(of: ProcessID(rawValue: getpid()))
  }

  /// Makes this process's own group the foreground. A group outside of this PID namespace reads as
  /// 0, and cannot be named.
  private static func reclaim(_ terminal: Int32) -> Bool {
    tcsetpgrp(terminal, getpgrp()) == 0
  }

  /// Continues all members of this process's own group.
  @inline(never)  // 80 bytes
  static func continueOwnGroup() {
    _ = kill(0, Signal.continue.rawValue)
    // This SIGCONT is not for the command.
    _ = Signals.takePending(SignalSet(.continue))
  }

  /// Stops this process, or all of its group, until it is continued; returns whether the command
  /// may continue. setsid(2)
  ///
  /// The kernel does not let a process stop whose process group is orphaned. A command that lacks the
  /// terminal would stop again at once then. Without swinit the kernel would let its read fail, and
  /// so it does once swinit has left the session.
  static func stop(_ signal: Signal, wholeGroup: Bool) -> Bool {
    if getpid() == 1 {
      // PID 1 can't stop. The rest of a job that it was started in, outside of its PID namespace,
      // stops as it would without swinit, and the shell's CONT will come to PID 1 too.
      if wholeGroup, getpgrp() == 0 {
        _ = kill(0, signal.rawValue)
        _ = Signals.takePending(SignalSet(signal))
        if signal != .terminalStop, withTerminal(isOwnGroupForeground) {
          // As below.
          continueOwnGroup()
          return true
        }
      }
      return false
    }
    if signal != .terminalStop, wholeGroup, withTerminal({ askOtherSwinit($0, signal) }) {
      // It continues the group, unless it had given the terminal back before it was asked.
      return withTerminal(isOwnGroupForeground)
    }
    // It may have been inherited as ignored; the command has stopped for it all the same.
    _ = Signals.setDefault(signal)
    _ = kill(wholeGroup ? 0 : getpid(), signal.rawValue)
    if signal != .terminalStop, withTerminal(isOwnGroupForeground) {
      // The terminal has come back meanwhile; from now on, the process that brings it back sends CONT.
      continueOwnGroup()
      return true
    }
    Signals.takeDefaultAction(signal)
    // What continued swinit was for swinit alone; the command is sent its own. A stop signal that
    // came since has removed a pending CONT.
    return Signals.takePending(SignalSet(.continue)) != nil || Signals.isPending(.stops)
      || signal == .terminalStop || setsid() >= 0
  }

  /// Whether a descriptor is the terminal that controls this session.
  private static func controls(_ descriptor: Int32) -> Bool {
    tcgetpgrp(descriptor) >= 0
  }

  private static func foreground(of terminal: Int32, _ command: ProcessID) -> Foreground {
    let group = tcgetpgrp(terminal)
    if group == command.rawValue { return .command }
    if isOwnGroupForeground(terminal) { return .ownGroup }
    // The command may be in another group. Its number may be another process's once it has exited.
    if case .success(let status) = ProcessFiles.status(of: command),
      status.parent.rawValue == getpid(),
      status.group.rawValue == group
    {
      return .command
    }
    // A group outside of this PID namespace may exist. To look at all processes takes long: the shell
    // may have taken the terminal meanwhile.
    return group > 0 && hasExited(ProcessID(rawValue: group)) && tcgetpgrp(terminal) == group
      ? .emptyGroup : .otherGroup
  }

  /// Whether a group has no processes but zombies. One that may not be signalled exists. kill(2)
  private static func hasExited(_ group: ProcessID) -> Bool {
    if let error = SystemError(of: clinux_kill(group.asGroup, 0)) {
      return error == .noSuchProcess
    }
    if case .success(let leader) = ProcessFiles.status(of: group), !leader.isZombie { return false }
    var processes = ProcessList()
    while let (_, status) = processes.next() {
      if status.group == group && !status.isZombie { return false }
    }
    return processes.isComplete
  }

  /// Whether this process's own group is the foreground.
  ///
  /// Groups outside of this PID namespace all read as 0. Then a read tells: from the background it
  /// fails with EIO, since TTIN is blocked. It asks for no bytes, and does not wait for another
  /// process that reads.
  private static func isOwnGroupForeground(_ terminal: Int32) -> Bool {
    let group = getpgrp()
    guard tcgetpgrp(terminal) == group else { return false }
    if group != 0 { return true }
    // A standard descriptor, which could not be opened again, would wait.
    if terminal <= STDERR_FILENO { return false }
    var byte: UInt8 = 0
    let result = unsafe clinux_read(terminal, &byte, 0)
    return result >= 0 || SystemError(of: result) == .tryAgain
  }

  private static func withTerminal(_ body: (Int32) -> Bool) -> Bool {
    let terminal = open()
    defer { if terminal > STDERR_FILENO { _ = close(terminal) } }
    return terminal >= 0 && body(terminal)
  }

  /// A new descriptor of the terminal; where none can be opened, a standard one that is it, negative
  /// if none is.
  private static func open() -> Int32 {
    let own = open("/dev/tty")
    guard let error = SystemError(of: own), error != .noSuchDeviceOrAddress else { return own }
    for descriptor in STDIN_FILENO...STDERR_FILENO where controls(descriptor) {
      // The kernel answers any process that asks a master, and to open that again would make another
      // pseudoterminal.
      if clinux_is_terminal_master(descriptor) != 0 { continue }
      var path = PathBuffer.file
      path.append("/proc/self/fd/")
      path.append(descriptor)
      let own = path.cString.map(open) ?? -1
      // A process that may mount over /proc could have put another file there.
      if controls(own) { return own }
      if own >= 0 { _ = close(own) }
      return descriptor
    }
    return -1
  }

  private static func open(_ path: CString) -> Int32 {
    Descriptors.aboveStandard(Descriptors.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK))
  }
}
