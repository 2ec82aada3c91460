import CLinux
import Supervision

/// The command, and how it is started: by `posix_spawn`, or by `fork` where the child itself has
/// something to do before it becomes the command. posix_spawn(3), fork(2)
@safe
struct Child {
  /// The command as it was called.
  let command: Text
  /// The command and its arguments, with a NULL at the end; one more string stands before them.
  private var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let environment: CStringArray
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
    /// There could not be a process for it.
    case noProcess(SystemError)
    /// The process could not become the command.
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

  /// A command that stands at an index, at least 1, of swinit's own arguments; nil without an index.
  init?(
    at index: Int?, of arguments: CStringArray, environment: CStringArray, path: Text?,
    blockedSignals: SignalSet, ownerVariables: OwnerVariables
  ) {
    guard let index else { return nil }
    command = arguments[index] ?? ""
    unsafe self.arguments = arguments.pointer + index
    self.environment = environment
    self.path = path
    self.blockedSignals = blockedSignals
    self.ownerVariables = ownerVariables
  }

  /// Starts the command in a process group of its own, which exists when this returns.
  ///
  /// The files that it may be are tried in turn, as execvp(3) does, but each in a process of its own:
  /// so both ways of starting it agree, and the file that needs a shell is known.
  mutating func spawn() -> Outcome {
    let terminal = Terminal.access
    var search = CommandSearch(for: command, in: path)
    var error = SystemError.noSuchFile
    while let file = unsafe search.next() {
      // Most directories of PATH lack the file: that takes no process to find out.
      let attempt: Attempt =
        if unsafe search.usesPath && access(file, F_OK) != 0 {
          .notExecuted(lastError())
        } else {
          unsafe start(file, terminal)
        }
      guard case .notExecuted(let failure) = attempt else { return outcome(of: attempt) }
      switch failure {
      case .noSuchFile, .noSuchDevice: break
      case .notADirectory where search.usesPath: break
      case .accessDenied: error = failure
      case .notExecutable: return unsafe runInShell(file, terminal)
      default: return outcome(of: attempt)
      }
    }
    return outcome(of: .notExecuted(error))
  }

  @inline(never)
  private func outcome(of attempt: Attempt) -> Outcome {
    switch attempt {
    case .running(let process, let terminal): .running(process, terminal)
    case .noProcess(let error): .noProcess(error)
    case .notExecuted(let error):
      .failed(ExecutionDiagnosis(command: command, path: path, error: error).failure)
    }
  }

  /// Starts a shell that runs the file, as execvp(3) does with text that has no `#!` line.
  private mutating func runInShell(
    _ file: UnsafePointer<CChar>, _ terminal: TerminalAccess
  ) -> Outcome {
    let shell: Text = "/bin/sh"
    switch unsafe ExecutionDiagnosis.head(of: file) {
    case .text?: break
    case .script(let interpreter)? where interpreter.isEmpty: break
    default: return outcome(of: .notExecuted(.notExecutable))
    }
    unsafe arguments[0] = UnsafeMutablePointer(mutating: file)
    unsafe arguments -= 1
    unsafe arguments[0] = UnsafeMutablePointer(mutating: shell.cString)
    let attempt = unsafe start(shell.cString, terminal)
    guard case .notExecuted(let error) = attempt else { return outcome(of: attempt) }
    return .failed(ExecutionFailure(error, .interpreter(shell)))
  }

  /// Starts a file in a process group of its own.
  @inline(never)
  private func start(_ file: UnsafePointer<CChar>, _ terminal: TerminalAccess) -> Attempt {
    if terminal == .foreground || !ownerVariables.isEmpty { return unsafe fork(file, terminal) }
    return unsafe posixSpawn(file, terminal)
  }

  private func posixSpawn(_ file: UnsafePointer<CChar>, _ terminal: TerminalAccess) -> Attempt {
    var process: pid_t = 0
    let error = unsafe SystemError(
      rawValue: clinux_spawn(
        &process, file, arguments, environment.pointer, blockedSignals.rawValue))
    if error.rawValue == 0 { return .running(ProcessID(rawValue: process), terminal) }
    // These may mean either. posix_spawn reaps a child that failed, but its SIGCHLD stays.
    switch error {
    case .tryAgain, .noMemory, .tooManyFiles, .tooManySystemFiles, .notPermitted, .notImplemented:
      return clinux_take_failed_spawn() != 0 ? .notExecuted(error) : .noProcess(error)
    default: return .notExecuted(error)
    }
  }
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
      var report = unsafe become(file, takesTerminal: takesTerminal)
      _ = unsafe clinux_write(writing, &report, MemoryLayout.size(ofValue: report))
      let status = report == SystemError.noSuchFile.rawValue ? ExitStatus.notFound : .cannotExecute
      clinux_exit(Int32(status.rawValue))
    }
    let forkError = lastError()
    _ = close(writing)
    if process < 0 { return .noProcess(forkError) }
    guard let report = report(from: reading, of: process) else {
      return .running(ProcessID(rawValue: process), terminal)
    }
    // It is about to exit; one that was stopped just now would not.
    _ = kill(process, Signal.kill.rawValue)
    _ = clinux_reap(process)
    if takesTerminal { _ = Terminal.takeBack(from: ProcessID(rawValue: process), askedBy: nil) }
    return report < 0
      ? .noProcess(SystemError(rawValue: 0 &- report)) : .notExecuted(SystemError(rawValue: report))
  }

  /// In the child: prepares itself, and becomes the command; returns the error if it could not be
  /// executed, or the negative error of the preparation.
  private func become(_ file: UnsafePointer<CChar>, takesTerminal: Bool) -> Int32 {
    // The kernel would hand the terminal to a group that does not exist, too.
    if setpgid(0, 0) < 0 { return 0 &- lastError().rawValue }
    if takesTerminal { Terminal.take() }
    if let index = ownerVariables.listenPID {
      unsafe environment.pointer[index] = Child.variable("LISTEN_PID=", in: clinux_variable(0))
    }
    if let index = ownerVariables.watchdogPID {
      unsafe environment.pointer[index] = Child.variable("WATCHDOG_PID=", in: clinux_variable(1))
    }
    guard Signals.block(only: blockedSignals) else { return 0 &- lastError().rawValue }
    _ = unsafe execve(file, arguments, environment.pointer)
    return lastError().rawValue
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
  private func report(from reading: Int32, of process: pid_t) -> Int32? {
    while clinux_is_readable(reading, Child.milliseconds) == 0 {
      if clinux_is_stopped(process) != 0 { return nil }
    }
    var report: Int32 = 0
    let size = MemoryLayout.size(ofValue: report)
    return unsafe clinux_read(reading, &report, size) == size ? report : nil
  }
}
