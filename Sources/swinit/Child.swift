import CLinux
import Supervision

/// COMMAND, and how it comes to run.
///
/// It is spawned by the same `clone` that `posix_spawn` is made of. `posix_spawn` itself won't do:
/// musl's leaves signals 32 to 34 unblocked in the parent, so that one of them would kill swinit;
/// glibc's leaves 32 and 33 ignored in the child, whatever they were before.
@safe
struct Child {
  /// COMMAND as it was called.
  let command: Text
  /// COMMAND and its arguments, with a NULL at the end; swinit's own name is before them.
  private var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let environment: Strings
  /// Where COMMAND is looked for.
  private let path: Text?
  /// The signals that COMMAND starts with blocked.
  private let blockedSignals: SignalSet
  /// The place of a `LISTEN_PID` in the environment that is to name COMMAND.
  private let listenPID: Int?
  /// Why COMMAND couldn't be executed: set by the child, which shares this memory.
  private var error: SystemError?
  /// Whether COMMAND's group is the foreground of the terminal: set by the child.
  private(set) var hasTerminal = false

  /// What came of a spawn.
  enum Outcome {
    case running(ProcessID)
    case failed(ExecutionFailure)
  }

  /// A COMMAND that stands at an index, at least 1, of swinit's own arguments.
  init(
    at index: Int, of arguments: Strings, environment: Strings, path: Text?,
    blockedSignals: SignalSet, listenPID: Int?
  ) {
    command = arguments[index] ?? ""
    unsafe self.arguments = arguments.pointer + index
    self.environment = environment
    self.path = path
    self.blockedSignals = blockedSignals
    self.listenPID = listenPID
  }

  /// Runs COMMAND in a process group of its own, which exists when this returns. clone(2)
  mutating func spawn() -> Outcome {
    let process = clone()
    if process < 0 { return .failed(ExecutionFailure(command, lastError(), .noProcess)) }
    guard let error else { return .running(ProcessID(rawValue: process)) }
    if error == .notExecutable, let shell = turnIntoShell() { return spawn(through: shell) }
    return .failed(ExecutionDiagnosis(command: command, path: path, error: error).failure)
  }

  private mutating func spawn(through shell: Text) -> Outcome {
    let process = clone()
    if process < 0 { return .failed(ExecutionFailure(command, lastError(), .noProcess)) }
    guard let error else { return .running(ProcessID(rawValue: process)) }
    return .failed(ExecutionFailure(command, error, .interpreter(shell)))
  }

  /// A process that is COMMAND, or one that is gone and left the error behind.
  private mutating func clone() -> pid_t {
    error = nil
    let process = unsafe withUnsafeMutablePointer(to: &self) { child in
      unsafe clinux_clone_sharing_memory({ unsafe becomeCommand($0) }, child)
    }
    if process > 0 && error != nil {
      _ = clinux_reap(process)
      if hasTerminal { Terminal.reclaim(from: ProcessID(rawValue: process)) }
    }
    return process
  }

  /// Makes the arguments those of a shell that runs the file, as execvp(3) does with text that has
  /// no `#!` line; gives the shell, or nil if the file isn't text. The file is the last one that
  /// the child tried.
  private mutating func turnIntoShell() -> Text? {
    let shell: Text = "/bin/sh"
    let usesPath = CommandSearch(for: command, in: path).usesPath
    guard let file = unsafe usesPath ? Scratch.memory() : arguments[0],
      case .text? = unsafe ExecutionDiagnosis.head(of: file)
    else { return nil }
    unsafe arguments[0] = file
    unsafe arguments -= 1
    unsafe arguments[0] = UnsafeMutablePointer(mutating: shell.cString)
    return shell
  }
}

// MARK: - In the child, while the parent waits

extension Child {
  fileprivate mutating func become() {
    hasTerminal = Terminal.moveToOwnGroup()
    if let index = listenPID { unsafe environment.pointer[index] = Child.ownListenPID() }
    error = Signals.block(only: blockedSignals) ? execute() : lastError()
  }

  /// Replaces this process by COMMAND, as execvp(3) does; gives the reason if that can't be done.
  private func execute() -> SystemError {
    guard let name = unsafe arguments[0] else { return .noSuchFile }
    var search = unsafe CommandSearch(for: Text(cString: name), in: path)
    var isDenied = false
    while let file = unsafe search.next() {
      _ = unsafe execve(file, arguments, environment.pointer)
      let error = lastError()
      switch error {
      case .accessDenied: isDenied = true
      case .noSuchFile, .noSuchDevice: break
      case .notADirectory where search.usesPath: break
      default: return error
      }
    }
    return isDenied ? .accessDenied : .noSuchFile
  }

  /// The variable that names this process.
  @inline(never)
  private static func ownListenPID() -> UnsafeMutablePointer<CChar> {
    let name: Text = "LISTEN_PID="
    let variable = unsafe clinux_variable_buffer()
    let length = name.count
    unsafe memcpy(variable, name.pointer, length)
    unsafe variable[length &+ Decimal.write(getpid(), to: variable + length)] = 0
    return unsafe variable
  }
}

/// The entry of the child. Nobody reads the status that it leaves with.
private func becomeCommand(_ context: UnsafeMutableRawPointer?) -> Int32 {
  unsafe context?.assumingMemoryBound(to: Child.self).pointee.become()
  return Int32(ExitStatus.notFound.rawValue)
}
