/// What swinit was called for.
public struct Invocation {
  /// What it is.
  public var purpose: Purpose
  /// The options, from the command line and the environment.
  public var options: Options

  /// What swinit may be called for.
  public enum Purpose {
    /// Run the command at this index of the arguments, or none with `--pause`.
    case run(command: Int?)
    /// List all processes and exit.
    case listProcesses
    /// Print a page and exit.
    case print(Page)
    /// Report a usage error and exit.
    case refuse(UsageError)
  }

  /// Reads the environment and then the command line, which takes precedence. An error in the
  /// environment is reported only if there is a command to run.
  @inline(never)  // 240 bytes
  public init(arguments: CStringArray, environment: borrowing Environment) {
    options = Options()
    var environmentError: UsageError?
    do throws(UsageError) {
      try environment.apply(to: &options)
    } catch {
      environmentError = error
    }
    var parser = CommandLineParser(arguments: arguments)
    do throws(UsageError) {
      purpose = try parser.parse(into: &options)
      if case .run = purpose, let environmentError { throw environmentError }
    } catch {
      parser.findLogFormat(for: &options)
      purpose = .refuse(error)
    }
  }
}

/// Options end with the first word that isn't one, or with `--`.
private struct CommandLineParser {
  let arguments: CStringArray
  /// The index of the next word.
  private var next = 1
  /// How often `--verbose` was given: the first replaces the environment's level.
  private var verbosity = 0

  init(arguments: CStringArray) { self.arguments = arguments }

  mutating func parse(into options: inout Options) throws(UsageError) -> Invocation.Purpose {
    while let word = arguments[next], word.count > 1, word[0] == .ascii("-") {
      next &+= 1
      if "--" ~= word { break }
      let page =
        word[1] == .ascii("-")
        ? try parseName(word, into: &options)
        : try parseLetters(word, into: &options)
      if let page { return .print(page) }
    }
    let command = arguments[next]
    if options.listsProcesses {
      guard let command else { return .listProcesses }
      throw .unexpectedCommand(command, with: "--ps")
    }
    if options.pauses {
      if options.waits || options.stopDelay > 0 {
        throw .optionWithPause(options.waits ? "--wait" : "--stop-delay")
      }
      guard let command else { return .run(command: nil) }
      throw .unexpectedCommand(command, with: "--pause")
    }
    guard command != nil else { throw .noCommand }
    return .run(command: next)
  }

  /// After a mistake: the format in which it is reported may be asked for behind it.
  mutating func findLogFormat(for options: inout Options) {
    while let word = arguments[next], !("--" ~= word) {
      next &+= 1
      let (name, value) = word.split(at: .ascii("="))
      if "--log-format" ~= name, let value = value ?? arguments[next] {
        options.logsObjects = "json" ~= value
      }
    }
  }

  /// Parses `--name`, `--name=value` or `--name value`; returns the page to print, if that is asked
  /// for.
  private mutating func parseName(
    _ word: Text, into options: inout Options
  ) throws(UsageError) -> Page? {
    let (name, value) = word.split(at: .ascii("="))
    guard let option = Option.named(name) else { throw .unknownOption(name) }
    if !option.value.takesValue, let value { throw .unexpectedValue(value, of: name) }
    return try apply(option, name, attached: value, to: &options)
  }

  /// Parses a cluster of letters; returns the page to print, if that is asked for. A mistake in what
  /// is nearly an option's name, such as `-kill-after`, is in its dashes.
  private mutating func parseLetters(
    _ word: Text, into options: inout Options
  ) throws(UsageError) -> Page? {
    do throws(UsageError) {
      return try parseCluster(word.dropFirst(1), into: &options)
    } catch {
      let name = word.split(at: .ascii("=")).head
      if case .some = name.closest(among: .options) { throw .unknownOption(name) }
      throw error
    }
  }

  /// Parses letters, the last of which may have a value, attached or as the next word.
  private mutating func parseCluster(
    _ letters: Text, into options: inout Options
  ) throws(UsageError) -> Page? {
    for index in letters.indices {
      let rest = letters.dropFirst(index &+ 1)
      let letter = letters.dropFirst(index).prefix(1)
      guard let option = Option.named(letter: letters[index]) else {
        throw .unknownOption(letter)
      }
      if rest[0] == .ascii("=") {
        let value = rest.dropFirst(1)
        if !option.value.takesValue { throw .unexpectedValue(value, of: letter) }
        throw .equalsSign(before: value, of: letter, name: option.name)
      }
      if option.value.takesValue {
        return try apply(option, letter, attached: rest.isEmpty ? nil : rest, to: &options)
      }
      if let page = try apply(option, letter, attached: nil, to: &options) { return page }
    }
    return nil
  }

  @inline(never)  // 288 bytes
  private mutating func apply(
    _ option: Option, _ name: Text, attached: Text?, to options: inout Options
  ) throws(UsageError) -> Page? {
    var value = attached
    if value == nil {
      switch option.value {
      // Docker's daemon asks for `--version`; people mostly type the letter.
      case .printing(.version) where name.count == 1: return .ownVersion
      case .printing(let page): return page
      case .verbosity(let set):
        verbosity &+= 1
        set(&options, verbosity)
        return nil
      case .flag, .onOff, .optionalPath:
        option.value.apply(to: &options)
        return nil
      case .duration, .delay, .signal, .signals, .exitStatuses, .rewrites, .textOrJSON:
        value = arguments[next]
        next &+= 1
      }
    }
    guard let value else { throw .missingValue(of: name, option.value) }
    do throws(ValueError) {
      try option.value.apply(value, to: &options)
    } catch {
      throw .invalidValue(value, of: name, option.value, error)
    }
    return nil
  }
}
