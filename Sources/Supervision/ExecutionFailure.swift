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

  /// Adds what may be wrong, if that is known.
  func addHint(to message: inout Message) {
    guard let hint else { return }
    message.say(" (")
    message.add("hint", words: hint)
    message.say(")")
  }

  private var hint: Text? {
    switch reason {
    case .directory: "it is a directory"
    case .notMarkedExecutable: "it is not marked executable"
    case .foreign: "it is built for another kind of machine"
    case .interpreter(let interpreter)
    where interpreter.count > 0 && interpreter[interpreter.count - 1] == .ascii("\r"):
      "its lines end in CR LF; save it with LF"
    default: nil
    }
  }
}
