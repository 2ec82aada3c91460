/// Why the command cannot be executed.
public struct ExecutionFailure: Hashable {
  /// What the kernel reports.
  public let error: SystemError
  /// Which file the error is about.
  public let subject: Subject
  /// What forbids the execution of that file, if that is known.
  public let obstacle: Obstacle?
  /// A likely mistake in swinit's own command line.
  public var mistake: Mistake?

  /// Which file the error is about.
  public enum Subject: Hashable {
    /// The command itself.
    case command
    /// The command, which is in none of these directories.
    case commandInPath(Text)
    /// The interpreter that a script names, or the dynamic loader that a program names.
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
    /// It is a program for another architecture than this machine's.
    case foreign(Architecture, machine: Text)
  }

  /// What was probably meant by the command line.
  public enum Mistake: Hashable {
    /// A path behind `--termination-log`, which takes one only after an equals sign.
    case pathOfTerminationLog
    /// An option behind `--`.
    case option
    /// A command and its arguments in one word.
    case severalWords
    /// A command without a name, as of an unset variable.
    case emptyWord

    /// The mistake in which `command` is the word that follows `previous`, if there is one.
    public init?(command: Text, after previous: Text) {
      if command.isEmpty {
        self = .emptyWord
      } else if "--termination-log" ~= previous {
        self = .pathOfTerminationLog
      } else if "--" ~= previous && command[0] == .ascii("-") {
        self = .option
      } else if command.firstIndex(of: .ascii(" ")) != nil {
        self = .severalWords
      } else {
        return nil
      }
    }
  }

  /// A failure to execute the command.
  public init(_ error: SystemError, _ subject: Subject, _ obstacle: Obstacle? = nil) {
    self.error = error
    self.subject = subject
    self.obstacle = obstacle
  }

  /// The status that swinit exits with.
  public var exitStatus: ExitStatus { error == .noSuchFile ? .notFound : .cannotExecute }

  /// Adds the command, the cause, and a hint.
  func write(to message: inout Message, command: Text) {
    switch subject {
    case .command where isMissing: message.add("command not found: ", command: command)
    case .commandInPath(let path):
      message.add("command not found: ", command: command)
      message.add(" (searched PATH=", "search_path", path)
      message.add(")")
    case .command:
      message.add("cannot run ", command: command)
      message.add(": ")
      writeCause(to: &message)
    case .interpreter(let file):
      message.add("cannot run ", command: command)
      message.add(
        file.isLoader ? ": its dynamic loader " : ": its interpreter ", "interpreter", quoted: file)
      writeCause(to: &message)
    }
    if message.isFields { message.add("", error) }
    writeHint(to: &message)
  }

  /// Whether the file that the error is about does not exist.
  private var isMissing: Bool { error == .noSuchFile && obstacle == nil }

  /// Adds what is the matter with the file that was named, to the sentence only.
  private func writeCause(to message: inout Message) {
    if message.isFields { return }
    let isCommand = subject == .command
    if let obstacle {
      obstacle.write(to: &message, isCommand: isCommand)
    } else if isMissing {
      message.add(" does not exist")
    } else {
      message.add(isCommand ? "" : ": ", error)
    }
  }

  private func writeHint(to message: inout Message) {
    if case .interpreter(let file) = subject {
      if file[file.count &- 1] == .ascii("\r") {
        message.addHint("its lines end in CRLF; convert them to LF")
      } else if file.isLoader {
        message.addHint(
          file.baseName.hasPrefix("ld-musl")
            ? "wrong libc? it is built for musl" : "wrong libc? it is built for glibc")
      }
      return
    }
    switch mistake {
    case .pathOfTerminationLog: message.addHint("write --termination-log=PATH to name the log")
    case .option: message.addHint("options of swinit go before '--'")
    case .severalWords: message.addHint("pass the command and its arguments as separate words")
    case .emptyWord: message.addHint("its name is empty; is a variable unset?")
    case nil: break
    }
  }
}

extension ExecutionFailure.Obstacle {
  /// Adds what the command, or a file that it needs, is.
  fileprivate func write(to message: inout Message, isCommand: Bool) {
    if case .foreign(let architecture, let machine) = self {
      message.add(
        isCommand ? "built for " : " is built for ",
        words: architecture.name ?? "an unknown architecture")
      return message.add(", this machine is ", words: machine)
    }
    message.add(isCommand ? "it is " : " is ")
    switch self {
    case .directory: message.add("a directory")
    case .notRegular: message.add("not a regular file")
    case .mountedNoexec: message.add("on a file system mounted noexec")
    case .notMarkedExecutable: message.add("not marked executable (chmod +x)")
    case .notForThisUser(let user):
      message.add("not executable by user ")
      message.line.append(Int64(user))
    case .unsearchableDirectory(let user):
      message.add("in a directory that may not be searched by user ")
      message.line.append(Int64(user))
    case .foreign: break
    }
  }
}

extension Message {
  /// Adds a hint.
  @inline(never)
  fileprivate mutating func addHint(_ hint: Literal) {
    add("; ", orName: "hint")
    addQuote()
    line.append(hint.text)
    addQuote()
  }
}

extension Text {
  /// The last component of a path.
  fileprivate var baseName: Text {
    var name = self
    while let tail = name.split(at: .ascii("/")).tail { name = tail }
    return name
  }

  /// Whether the file is a dynamic loader, such as ld-linux-x86-64.so.2 or ld64.so.1; see ld.so(8).
  fileprivate var isLoader: Bool { baseName.hasPrefix("ld") }
}
