import CLinux
import Supervision

/// The command, and how it is started: by `posix_spawn`, or by `fork` where the child itself has
/// something to do before it becomes the command. posix_spawn(3), fork(2)
struct Child {
  /// The command as it was called.
  let command: Text
  /// The word before it, which may show that it was not meant to be the command.
  private let precedingWord: Text
  /// The command and its arguments; one more string stands before them.
  private var arguments: CStringArray
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
    /// The same of the shell that was to run it.
    case shellNotExecuted(SystemError)
  }

  private static var shell: CString { "/bin/sh" }

  /// A command that stands at an index, at least 1, of swinit's own arguments; nil without an index.
  init?(
    at index: Int?, of arguments: CStringArray, environment: CStringArray, path: Text?,
    blockedSignals: SignalSet, ownerVariables: OwnerVariables
  ) {
    guard let index else { return nil }
    command = arguments[index] ?? ""
    precedingWord = arguments[index &- 1] ?? ""
    self.arguments = arguments.dropFirst(index)
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
    switch search() {
    case .running(let process, let terminal): .running(process, terminal)
    case .noProcess(let error): .noProcess(error)
    case .notExecuted(let error): .failed(failure(with: error))
    case .shellNotExecuted(let error):
      .failed(ExecutionFailure(error, .interpreter(Child.shell.text)))
    }
  }

  /// Tries the files that the command may be, until one is executed.
  private mutating func search() -> Attempt {
    let terminal = Terminal.access
    var search = CommandSearch(for: command, in: path)
    var error = SystemError.noSuchFile
    while let file = search.next() {
      // Most directories of PATH lack the file: that takes no process to find out.
      let attempt: Attempt =
        if search.usesPath, let error = file.error(.exists) {
          .notExecuted(error)
        } else {
          start(file, terminal)
        }
      guard case .notExecuted(let failure) = attempt else { return attempt }
      switch failure {
      case .noSuchFile, .noSuchDevice: break
      case .notADirectory where search.usesPath: break
      case .accessDenied: error = failure
      case .notExecutable: return runInShell(file, terminal)
      default: return attempt
      }
    }
    return .notExecuted(error)
  }

  private func failure(with error: SystemError) -> ExecutionFailure {
    var failure = ExecutionDiagnosis(command: command, path: path, error: error).failure
    failure.mistake = ExecutionFailure.Mistake(command: command, after: precedingWord)
    return failure
  }

  /// Starts a shell that runs the file, as execvp(3) does with text that has no `#!` line.
  private mutating func runInShell(_ file: CString, _ terminal: TerminalAccess) -> Attempt {
    switch ExecutionDiagnosis.head(of: file) {
    case .text?: break
    case .script(let interpreter)? where interpreter.isEmpty: break
    default: return .notExecuted(.notExecutable)
    }
    arguments.replace(at: 0, with: file)
    arguments.extendToFront(with: Child.shell)
    let attempt = start(Child.shell, terminal)
    if case .notExecuted(let error) = attempt { return .shellNotExecuted(error) }
    return attempt
  }

  /// Starts a file in a process group of its own.
  @inline(never)  // 272 bytes
  private func start(_ file: CString, _ terminal: TerminalAccess) -> Attempt {
    if terminal == .foreground || !ownerVariables.isEmpty { return fork(file, terminal) }
    return posixSpawn(file, terminal)
  }

  private func posixSpawn(_ file: CString, _ terminal: TerminalAccess) -> Attempt {
    let process = unsafe clinux_spawn(
      file.pointer, arguments.pointer, environment.pointer, blockedSignals.rawValue)
    guard let error = SystemError(of: process) else {
      return .running(ProcessID(rawValue: process), terminal)
    }
    // posix_spawn reaps a child that failed, but its SIGCHLD stays: taken now, it is not mistaken for
    // that of the next file that is tried.
    let wasChild = clinux_discard_failed_spawn() != 0
    switch error {
    // These may mean either.
    case .tryAgain, .noMemory, .tooManyFiles, .tooManySystemFiles, .notPermitted, .notImplemented:
      return wasChild ? .notExecuted(error) : .noProcess(error)
    default: return .notExecuted(error)
    }
  }
}

// MARK: - With a fork

extension Child {
  /// How long a child that has not become the command yet is waited for before a look whether it is
  /// stopped.
  private static let millisecondsPerLook: Int32 = 100

  /// Why a child did not become the command, as it goes through the pipe.
  private struct Failure {
    var error: Int32
    /// Whether the child failed before it tried to execute the file.
    var isOfPreparation = false
  }

  private func fork(_ file: CString, _ terminal: TerminalAccess) -> Attempt {
    let takesTerminal = terminal == .foreground
    var ends = clinux_pipe()
    // The execution closes the child's end to write; an error comes through it.
    if let error = unsafe SystemError(of: clinux_make_pipe(&ends)) { return .noProcess(error) }
    defer { _ = close(ends.reading) }
    let process = clinux_fork()
    if process == 0 {
      var failure = become(file, takesTerminal: takesTerminal)
      _ = unsafe clinux_write(ends.writing, &failure, MemoryLayout<Failure>.size)
      let isNotFound = failure.error == SystemError.noSuchFile.rawValue
      clinux_exit(Int32((isNotFound ? ExitStatus.notFound : .cannotExecute).rawValue))
    }
    _ = close(ends.writing)
    if let error = SystemError(of: process) { return .noProcess(error) }
    guard let failure = failure(from: ends.reading, of: process) else {
      return .running(ProcessID(rawValue: process), terminal)
    }
    // It is about to exit; one that was stopped just now would not.
    _ = clinux_kill(process, Signal.kill.rawValue)
    _ = clinux_reap(process)
    if takesTerminal { Terminal.reclaim(fromFailed: process) }
    let error = SystemError(rawValue: failure.error)
    return failure.isOfPreparation ? .noProcess(error) : .notExecuted(error)
  }

  /// In the child: prepares itself, and becomes the command; returns if that failed.
  private func become(_ file: CString, takesTerminal: Bool) -> Failure {
    // The kernel would hand the terminal to a group that does not exist, too.
    if let error = SystemError(of: clinux_create_group()) {
      return Failure(error: error.rawValue, isOfPreparation: true)
    }
    if takesTerminal { Terminal.take() }
    nameThisProcess("LISTEN_PID=", at: ownerVariables.listenPID, number: 0)
    nameThisProcess("WATCHDOG_PID=", at: ownerVariables.watchdogPID, number: 1)
    if ownerVariables.listenPID != nil {
      // It names swinit by its pidfd, and is compared only if it is there.
      var environment = environment
      environment.removeAll(named: "LISTEN_PIDFDID")
    }
    if let error = Signals.block(only: blockedSignals) {
      return Failure(error: error.rawValue, isOfPreparation: true)
    }
    let result = unsafe clinux_execute(file.pointer, arguments.pointer, environment.pointer)
    return Failure(error: 0 &- result)
  }

  /// Puts a variable that names this process into the environment, in place of the one at an index.
  private func nameThisProcess(_ name: Text, at index: Int?, number: Int32) {
    guard let index else { return }
    var variable = unsafe PathBuffer(
      clinux_variable_buffer(number), capacity: Int(clinux_variable_capacity))
    variable.append(name)
    variable.append(getpid())
    if let variable = variable.cString { environment.replace(at: index, with: variable) }
  }

  /// What the child wrote before it exited; nil once it has become the command, or was killed.
  ///
  /// A child that was stopped before it became the command must not keep swinit from its signals:
  /// then the reason of a failure is lost, not its status.
  private func failure(from reading: Int32, of process: pid_t) -> Failure? {
    // It may have been stopped after it wrote: the read tells, and does not wait.
    while clinux_is_readable(reading, Child.millisecondsPerLook) == 0 {
      if clinux_is_stopped(process) != 0 { break }
    }
    var failure = Failure(error: 0)
    let size = MemoryLayout<Failure>.size
    return unsafe clinux_read(reading, &failure, size) == size ? failure : nil
  }
}
