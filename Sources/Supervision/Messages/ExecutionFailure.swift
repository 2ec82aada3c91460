/// Why the command cannot be executed.
public struct ExecutionFailure: Hashable {
  /// What the kernel reports.
  public let error: SystemError
  /// What is known beyond that.
  public let reason: Reason
  /// What forbids the execution of the file that the error is about, if that is known.
  public let obstacle: Obstacle?

  /// What is known beyond the kernel's error.
  public enum Reason: Hashable {
    /// The error is about the command itself.
    case unknown
    /// The command is in none of these directories.
    case notInPath(Text)
    /// The error is about the interpreter, or the dynamic loader, that the command needs.
    case interpreter(Text)
  }

  /// What forbids the execution of a file; see execve(2).
  public enum Obstacle: Hashable {
    /// It is a directory.
    case directory
    /// It is a device, a pipe or a socket.
    case notRegular
    /// Its file system is mounted with the option `noexec`; see mount(8).
    case mountedNoexec
    /// No user may execute it.
    case notMarkedExecutable
    /// Some users may execute it, but not this one.
    case notForThisUser(UInt32)
    /// This user may not search a directory that leads to it; see path_resolution(7).
    case unsearchableDirectory(user: UInt32)
    /// It is a program for another architecture.
    case foreign
  }

  /// A failure to execute the command.
  public init(_ error: SystemError, _ reason: Reason, _ obstacle: Obstacle? = nil) {
    self.error = error
    self.reason = reason
    self.obstacle = obstacle
  }

  /// The status that swinit exits with.
  public var exitStatus: ExitStatus { error == .noSuchFile ? .notFound : .cannotExecute }

  /// Adds the error, with the file or the directories that it is about, and a hint.
  func write(to message: inout Message) {
    switch reason {
    case .unknown: message.add(": ", error)
    case .notInPath(let path):
      message.add(": ", error)
      message.add(" (PATH is ", "path", path)
      message.add(")")
    case .interpreter(let interpreter):
      message.add(": its interpreter ", "interpreter", quoted: interpreter)
      message.add(": ", error)
    }
    if let obstacle {
      obstacle.write(to: &message)
    } else if hasCarriageReturn {
      message.addHint("its lines end in CR LF; save it with LF")
    }
  }

  /// Whether the interpreter's name ends in a carriage return, as in a file from Windows.
  private var hasCarriageReturn: Bool {
    guard case .interpreter(let interpreter) = reason else { return false }
    return interpreter[interpreter.count &- 1] == .ascii("\r")
  }
}

extension ExecutionFailure.Obstacle {
  fileprivate func write(to message: inout Message) {
    switch self {
    case .directory: message.addHint("it is a directory")
    case .notRegular: message.addHint("it is not a regular file")
    case .mountedNoexec: message.addHint("its file system is mounted noexec")
    case .notMarkedExecutable: message.addHint("it is not marked executable")
    case .notForThisUser(let user):
      message.addHint("it is executable, but not by user ", user)
    case .unsearchableDirectory(let user):
      message.addHint("a directory in its path cannot be searched by user ", user)
    case .foreign: message.addHint("it is built for another kind of machine")
    }
  }
}

extension Message {
  /// Adds a hint, which may end in the number of a user.
  @inline(never)
  fileprivate mutating func addHint(_ hint: Literal, _ user: UInt32? = nil) {
    add(" (", orName: "hint")
    addQuote()
    line.append(hint.text)
    if let user { line.append(Int64(user)) }
    addQuote()
    add(")")
  }
}
