/// What swinit was called for.
public struct Invocation {
  /// What it is.
  public var purpose: Purpose
  /// What the command line and the environment ask for.
  public var options: Options

  /// What swinit may be called for.
  public enum Purpose {
    /// Run the COMMAND that stands at an index of the arguments, or none with `--pause`.
    case run(command: Int?)
    /// Print the help, and leave.
    case help
    /// Print the version, and leave.
    case version
    /// Print the license, and leave.
    case license
    /// Refuse.
    case usageError(UsageError)
  }

  /// Reads the command line, then what the environment adds. Options end with the first word that
  /// isn't one, or with `--`; the command line overrules the environment.
  public init(arguments: CStringArray, environment: borrowing Environment) {
    var parser = CommandLineParser(arguments: arguments)
    let misusedVariable = environment.apply(to: &parser.options)
    purpose = parser.parse()
    options = parser.options
    if case .run = purpose, let misusedVariable { purpose = .usageError(misusedVariable) }
  }
}

private struct CommandLineParser {
  let arguments: CStringArray
  var options = Options()
  /// The place of the next word.
  private var next = 1
  /// Whether `--verbose` came before, so that it adds to it and not to the environment.
  private var countsVerbosity = false

  init(arguments: CStringArray) { self.arguments = arguments }

  mutating func parse() -> Invocation.Purpose {
    while let word = arguments[next], word.count > 1, word[0] == .ascii("-") {
      next &+= 1
      if "--" ~= word { break }
      let result = word[1] == .ascii("-") ? takeName(word) : takeLetters(word)
      if let result { return result }
    }
    let command = arguments[next]
    if options.pauses {
      guard let command else { return .run(command: nil) }
      return .usageError(.commandWithPause(command))
    }
    return command == nil ? .usageError(.noCommand) : .run(command: next)
  }

  /// Reads `--name`, `--name=value` or `--name value`; nil if the parser goes on.
  private mutating func takeName(_ word: Text) -> Invocation.Purpose? {
    let (name, attached) = word.split(at: .ascii("="))
    guard let flag = Flag(name: name) else { return .usageError(.unknownOption(name)) }
    if !flag.takesValue {
      if let attached { return .usageError(.unwantedValue(flag, attached)) }
      return take(flag)
    }
    return takeValue(of: flag, attached: attached)
  }

  /// Reads a cluster of letters, the last of which may have its value attached or apart; nil if
  /// the parser goes on.
  private mutating func takeLetters(_ word: Text) -> Invocation.Purpose? {
    let letters = word.dropFirst(1)
    for index in letters.indices {
      let rest = letters.dropFirst(index &+ 1)
      guard let flag = Flag(letter: letters[index]) else {
        return .usageError(.unknownLetter(letters.dropFirst(index).prefix(1)))
      }
      if flag.takesValue { return takeValue(of: flag, attached: rest.isEmpty ? nil : rest) }
      if let result = take(flag) { return result }
    }
    return nil
  }

  private mutating func takeValue(of flag: Flag, attached: Text?) -> Invocation.Purpose? {
    var value = attached
    if value == nil, flag.valueIsOptional {
      value = Options.defaultTerminationLog
    } else if value == nil {
      value = arguments[next]
      next &+= 1
    }
    guard let value else { return .usageError(.missingValue(flag)) }
    return options.take(flag, value) ? nil : .usageError(.invalidValue(flag, value))
  }

  private mutating func take(_ flag: Flag) -> Invocation.Purpose? {
    switch flag {
    case .help: return .help
    case .version: return .version
    case .license: return .license
    case .singleChild: options.singleChild = true
    case .group: options.singleChild = false
    case .pause: options.pauses = true
    case .warnReaped: options.warnsOfReaped = true
    case .verbose:
      options.verbosity = countsVerbosity ? options.verbosity &+ 1 : 1
      countsVerbosity = true
    default: break
    }
    return nil
  }
}
