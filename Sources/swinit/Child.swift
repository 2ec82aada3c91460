import CLinux
import Supervision

/// The command, and how it is started: by `posix_spawnp`, or by `fork` where the child itself has
/// something to do before it becomes the command. posix_spawn(3), fork(2)
@safe
struct Child {
  /// The command as it was called.
  let command: Text
  /// The command and its arguments, with a NULL at the end; one more string stands before them.
  private var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let environment: Strings
  /// Where the command is searched for; nil without `PATH`.
  private let path: Text?
  /// The signals that the command starts with blocked.
  private let blockedSignals: SignalSet
  /// The variables that must name the command's process.
  private let ownerVariables: OwnerVariables

  /// What came of a spawn.
  enum Outcome {
    /// The command runs, in a process group of its own.
    case running(ProcessID, TerminalAccess)
    /// There is no process, or it could not become the command.
    case failed(ExecutionFailure)
  }

  /// What came of an attempt to execute a file.
  private enum Attempt {
    case running(ProcessID, TerminalAccess)
    /// There could not be a process for it.
    case noProcess(SystemError)
    /// The process could not become it, and was reaped.
    case notExecuted(SystemError)
  }

  /// A command that stands at an index, at least 1, of swinit's own arguments.
  init(
    at index: Int, of arguments: Strings, environment: Strings, path: Text?,
    blockedSignals: SignalSet, ownerVariables: OwnerVariables
  ) {
    command = arguments[index] ?? ""
    unsafe self.arguments = arguments.pointer + index
    self.environment = environment
    self.path = path
    self.blockedSignals = blockedSignals
    self.ownerVariables = ownerVariables
  }

  /// Starts the command in a process group of its own, which exists when this returns.
  mutating func spawn() -> Outcome {
    let terminal = Terminal.access
    let attempt = start(terminal)
    if case .notExecuted(.notExecutable) = attempt, let shell = insertShell() {
      return unsafe outcome(of: start(shell.cString, terminal), .interpreter(shell))
    }
    return outcome(of: attempt, nil)
  }

  /// Starts the command itself. Where posix_spawnp does not search for its file, swinit does: for a
  /// fork, and without `PATH`, for which the C libraries have defaults that leave out what engines set.
  private func start(_ terminal: TerminalAccess) -> Attempt {
    if path == nil || forks(on: terminal),
      let file = unsafe CommandSearch(for: command, in: path).firstExecutable()
    {
      return unsafe start(file, terminal)
    }
    return unsafe posixSpawn(command.cString, terminal)
  }

  private func start(_ file: UnsafePointer<CChar>, _ terminal: TerminalAccess) -> Attempt {
    unsafe forks(on: terminal) ? fork(file, terminal) : posixSpawn(file, terminal)
  }

  /// Whether the child has something to do before it becomes the command.
  private func forks(on terminal: TerminalAccess) -> Bool {
    terminal == .foreground || !ownerVariables.isEmpty
  }

  private func outcome(of attempt: Attempt, _ reason: ExecutionFailure.Reason?) -> Outcome {
    switch attempt {
    case .running(let process, let terminal): .running(process, terminal)
    case .noProcess(let error): .failed(ExecutionFailure(command, error, .noProcess))
    case .notExecuted(let error):
      if let reason {
        .failed(ExecutionFailure(command, error, reason))
      } else {
        .failed(ExecutionDiagnosis(command: command, path: path, error: error).failure)
      }
    }
  }

  /// Makes the arguments those of a shell that runs the file, as execvp(3) does with text that has
  /// no `#!` line; returns the shell, or nil if the file is not text.
  private mutating func insertShell() -> Text? {
    let shell: Text = "/bin/sh"
    guard let file = unsafe CommandSearch(for: command, in: path).firstExecutable() else {
      return nil
    }
    switch unsafe ExecutionDiagnosis.head(of: file) {
    case .text?: break
    case .script(let interpreter)? where interpreter.isEmpty: break
    default: return nil
    }
    unsafe arguments[0] = UnsafeMutablePointer(mutating: file)
    unsafe arguments -= 1
    unsafe arguments[0] = UnsafeMutablePointer(mutating: shell.cString)
    return shell
  }

  private func posixSpawn(_ file: UnsafePointer<CChar>, _ terminal: TerminalAccess) -> Attempt {
    var process: pid_t = 0
    let error = unsafe SystemError(
      rawValue: clinux_spawn(
        &process, file, arguments, environment.pointer, blockedSignals.rawValue))
    if error.rawValue == 0 {
      return .running(ProcessID(rawValue: process), terminal == .none ? .none : .background)
    }
    return hasReapedChild ? .notExecuted(error) : .noProcess(error)
  }

  /// Whether a child has exited just now, so that it was the execution that failed: posix_spawn
  /// reaps its child, but the SIGCHLD stays.
  private var hasReapedChild: Bool { Signals.takePending(SignalSet(.childChanged)) != nil }
}

// MARK: - With a fork

extension Child {
  /// How long a child that has not become the command yet is waited for before a look whether it is
  /// stopped.
  private static let milliseconds: Int32 = 100

  private func fork(_ file: UnsafePointer<CChar>, _ terminal: TerminalAccess) -> Attempt {
    let takesTerminal = terminal == .foreground
    var (reading, writing): (Int32, Int32) = (-1, -1)
    // The execution closes the child's end to write; an error comes through it.
    guard unsafe clinux_pipe(&reading, &writing) == 0 else { return .noProcess(lastError()) }
    defer { _ = close(reading) }
    let process = clinux_fork()
    if process == 0 {
      var error = unsafe become(file, takesTerminal: takesTerminal).rawValue
      _ = unsafe clinux_write(writing, &error, MemoryLayout.size(ofValue: error))
      clinux_exit(Int32(ExitStatus.notFound.rawValue))
    }
    let forkError = lastError()
    _ = close(writing)
    if process < 0 { return .noProcess(forkError) }
    guard let error = error(from: reading, of: process) else {
      return .running(ProcessID(rawValue: process), terminal)
    }
    _ = clinux_reap(process)
    if takesTerminal { Terminal.reclaim(from: ProcessID(rawValue: process)) }
    return .notExecuted(error)
  }

  /// In the child: prepares itself, and becomes the command; returns the reason if it could not.
  private func become(_ file: UnsafePointer<CChar>, takesTerminal: Bool) -> SystemError {
    // The kernel would hand the terminal to a group that does not exist, too.
    if setpgid(0, 0) < 0 { return lastError() }
    if takesTerminal { Terminal.take() }
    if let index = ownerVariables.listenPID {
      unsafe environment.pointer[index] = Child.variable("LISTEN_PID=", in: clinux_variable(0))
    }
    if let index = ownerVariables.watchdogPID {
      unsafe environment.pointer[index] = Child.variable("WATCHDOG_PID=", in: clinux_variable(1))
    }
    guard Signals.block(only: blockedSignals) else { return lastError() }
    _ = unsafe execve(file, arguments, environment.pointer)
    return lastError()
  }

  /// Writes a variable that names this process into a buffer, which it returns.
  private static func variable(
    _ name: Text, in buffer: UnsafeMutablePointer<CChar>
  ) -> UnsafeMutablePointer<CChar> {
    unsafe memcpy(buffer, name.pointer, name.count)
    let length = unsafe Decimal.write(getpid(), to: buffer + name.count)
    unsafe buffer[name.count &+ length] = 0
    return unsafe buffer
  }

  /// What the child wrote before it exited; nil once it has become the command, or was killed.
  ///
  /// A child that was stopped before it became the command must not keep swinit from its signals:
  /// then the reason of a failure is lost, not its status.
  private func error(from reading: Int32, of process: pid_t) -> SystemError? {
    while clinux_is_readable(reading, Child.milliseconds) == 0 {
      if clinux_is_stopped(process) != 0 { return nil }
    }
    var error: Int32 = 0
    let size = MemoryLayout.size(ofValue: error)
    return unsafe clinux_read(reading, &error, size) == size ? SystemError(rawValue: error) : nil
  }
}
