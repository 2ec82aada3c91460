import Supervision
import Testing

// Calls of swinit, as it would read them.

/// What swinit reads in these words and these variables, both separated by spaces.
func call(_ words: String, with variables: String = "") -> Invocation {
  call(words: words.split(separator: " ").map(String.init), with: variables)
}

/// What swinit reads in these words, its own name left out.
func call(words: [String], with variables: String = "") -> Invocation {
  call(words: words, variables: variables.split(separator: " ").map(String.init))
}

/// The same, for variables that may have spaces in them.
func call(words: [String], variables: [String]) -> Invocation {
  Invocation(
    arguments: CStringArray(["swinit"] + words), environment: Environment(CStringArray(variables)))
}

extension Invocation {
  /// What swinit was called for, in words; the whole message if it refuses.
  var kind: String {
    switch purpose {
    case .run: "run"
    case .print(.help): "help"
    case .print(.version): "version"
    case .print(.license): "license"
    case .refuse(let error): line { error.write(to: &$0) }
    }
  }

  /// The options, of a call that runs something.
  var optionsToRun: Options {
    get throws {
      guard case .run = purpose else { throw Unexpected(self) }
      return options
    }
  }

  /// The same, in words.
  var meaning: String { get throws { try optionsToRun.summary } }

  /// The index of COMMAND among the arguments, of a call that runs something.
  var command: Int? {
    get throws {
      guard case .run(let command) = purpose else { throw Unexpected(self) }
      return command
    }
  }

  /// The whole message, of a call that is refused.
  var refusal: String {
    get throws {
      guard case .refuse = purpose else { throw Unexpected(self) }
      return kind
    }
  }
}

/// A call that was read as something else than the test wants.
struct Unexpected: Error, CustomStringConvertible {
  let description: String

  init(_ invocation: Invocation) { description = "read as \(invocation.kind)" }
}
