/// Why COMMAND doesn't run; `write(to:)` has the words.
public struct ExecutionFailure {
  /// COMMAND as it was called.
  public let command: Text
  /// What the kernel says.
  public let error: SystemError
  /// What is known beyond that.
  public let reason: Reason

  /// What is known beyond the kernel's error.
  public enum Reason {
    /// Nothing.
    case unknown
    /// There couldn't be a process for it.
    case noProcess
    /// It is in none of these directories.
    case notInPath(Text)
    /// It is a directory.
    case directory
    /// Nobody may execute it.
    case notMarkedExecutable
    /// The interpreter, or the loader, that it names can't be executed.
    case interpreter(Text)
    /// It is a program for another architecture.
    case foreign
  }

  /// A failure to run `command`.
  public init(_ command: Text, _ error: SystemError, _ reason: Reason) {
    self.command = command
    self.error = error
    self.reason = reason
  }

  /// The status that swinit leaves with.
  public var exitStatus: ExitStatus {
    if case .noProcess = reason { return .failure }
    return error == .noSuchFile ? .notFound : .cannotExecute
  }

  /// Writes what happened: COMMAND, the kernel's words, and what is known beyond.
  func write(to line: inout Line) {
    if case .noProcess = reason {
      line.append("cannot start a process for ")
    } else {
      line.append("cannot run ")
    }
    line.append(quoted: command)
    line.append(": ")
    if case .interpreter(let interpreter) = reason {
      line.append("its interpreter ")
      line.append(quoted: interpreter)
      line.append(": ")
    }
    line.append(error)
    switch reason {
    case .unknown, .noProcess: break
    case .notInPath(let path):
      line.append(" (PATH is ")
      line.append(escaping: path)
      line.append(")")
    case .directory: line.append(" (it is a directory)")
    case .notMarkedExecutable: line.append(" (it is not marked executable)")
    case .interpreter(let interpreter):
      if interpreter.count > 0 && interpreter[interpreter.count - 1] == .ascii("\r") {
        line.append(" (its lines end in CR LF; save it with LF)")
      }
    case .foreign: line.append(" (it is built for another kind of machine)")
    }
  }
}
