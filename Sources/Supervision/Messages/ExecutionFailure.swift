/// Why COMMAND doesn't run; `write(to:)` has the words.
public struct ExecutionFailure {
  /// COMMAND as it was called.
  public let command: Text
  /// What the kernel says.
  public let error: SystemError
  /// What is known beyond that.
  public let reason: Reason
  /// What stands in the way of the file that the error is about, if that is known.
  public let obstacle: Obstacle?

  /// What is known beyond the kernel's error.
  public enum Reason {
    /// The error is about COMMAND itself.
    case unknown
    /// There couldn't be a process for it.
    case noProcess
    /// It is in none of these directories.
    case notInPath(Text)
    /// The error is about the interpreter, or the dynamic loader, that it leads to.
    case interpreter(Text)
  }

  /// What stands in the way of executing a file; see execve(2).
  public enum Obstacle: Equatable {
    /// It is a directory.
    case directory
    /// It is a device, a pipe or a socket.
    case notRegular
    /// Its file system is mounted with the option `noexec`; see mount(8).
    case mountedNoexec
    /// No user may execute it.
    case notMarkedExecutable
    /// Some may execute it, but not this user.
    case notForThisUser(UInt32)
    /// This user may not search a directory that leads to it; see path_resolution(7).
    case unsearchableDirectory(user: UInt32)
    /// It is a program for another architecture.
    case foreign
  }

  /// A failure to run `command`.
  public init(
    _ command: Text, _ error: SystemError, _ reason: Reason, _ obstacle: Obstacle? = nil
  ) {
    self.command = command
    self.error = error
    self.reason = reason
    self.obstacle = obstacle
  }

  /// The status that swinit leaves with.
  public var exitStatus: ExitStatus {
    if case .noProcess = reason { return .failure }
    return error == .noSuchFile ? .notFound : .cannotExecute
  }

  /// Whether there couldn't even be a process.
  var isOfProcess: Bool {
    if case .noProcess = reason { return true }
    return false
  }

  /// Adds the interpreter that is at fault, if one is.
  func addInterpreter(to message: inout Message) {
    guard case .interpreter(let interpreter) = reason else { return }
    message.say("its interpreter ")
    message.add("interpreter", quoted: interpreter)
    message.say(": ")
  }

  /// Adds where COMMAND was looked for, if it wasn't found there.
  func addPath(to message: inout Message) {
    guard case .notInPath(let path) = reason else { return }
    message.say(" (PATH is ")
    message.add("path", path)
    message.say(")")
  }

  /// Adds what stands in the way, if that is known.
  func addHint(to message: inout Message) {
    let (words, user) = hint
    guard let words else { return }
    message.say(" (")
    message.addString("hint") { line in
      line.append(words)
      if let user { line.append(Int64(user)) }
    }
    message.say(")")
  }

  /// The words, and the user ID that follows them.
  private var hint: (Text?, user: UInt32?) {
    switch obstacle {
    case .directory?: ("it is a directory", nil)
    case .notRegular?: ("it is not a regular file", nil)
    case .mountedNoexec?: ("its file system is mounted noexec", nil)
    case .notMarkedExecutable?: ("it is not marked executable", nil)
    case .notForThisUser(let user)?: ("it is executable, but not by user ", user)
    case .unsearchableDirectory(let user)?:
      ("a directory in its path cannot be searched by user ", user)
    case .foreign?: ("it is built for another kind of machine", nil)
    case nil: (hasCarriageReturn ? "its lines end in CR LF; save it with LF" : nil, nil)
    }
  }

  /// Whether the interpreter's name ends in a carriage return, as in a file from Windows.
  private var hasCarriageReturn: Bool {
    guard case .interpreter(let interpreter) = reason else { return false }
    return interpreter[interpreter.count &- 1] == .ascii("\r")
  }
}
