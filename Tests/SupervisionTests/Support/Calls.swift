import Supervision
import Testing

// Parsed command lines of swinit.

/// Parses arguments and variables that are both separated by spaces.
func call(_ words: String, with variables: String = "") -> Invocation {
  call(words: words.split(separator: " ").map(String.init), with: variables)
}

/// Parses arguments without swinit's own name.
func call(words: [String], with variables: String = "") -> Invocation {
  call(words: words, variables: variables.split(separator: " ").map(String.init))
}

/// Parses arguments and variables that may contain spaces.
func call(words: [String], variables: [String]) -> Invocation {
  Invocation(
    arguments: CStringArray(["swinit"] + words), environment: Environment(CStringArray(variables)))
}

extension Invocation {
  /// A description of the command line's purpose; the whole message if it is refused.
  var kind: String {
    switch purpose {
    case .run: "run"
    case .listProcesses: "list"
    case .print(.help): "help"
    case .print(.version): "version"
    case .print(.ownVersion): "own version"
    case .print(.license): "license"
    case .refuse(let error): error.message(.text).line.string
    }
  }

  /// The options of a command line that runs something.
  var optionsToRun: Options {
    get throws {
      guard case .run = purpose else { throw Unexpected(self) }
      return options
    }
  }

  /// A description of the options.
  var meaning: String { get throws { try optionsToRun.summary } }

  /// The index of the command among the arguments of a command line that runs something.
  var command: Int? {
    get throws {
      guard case .run(let command) = purpose else { throw Unexpected(self) }
      return command
    }
  }

  /// The whole message about a command line that is refused.
  var refusal: String {
    get throws {
      guard case .refuse = purpose else { throw Unexpected(self) }
      return kind
    }
  }
}

/// A command line that was parsed otherwise than the test expects.
struct Unexpected: Error, CustomStringConvertible {
  let description: String

  init(_ invocation: Invocation) { description = "read as \(invocation.kind)" }
}
