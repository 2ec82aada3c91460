/// A mistake in the command line or the environment; `write(to:)` writes the message.
public enum UsageError: Error {
  // An option is named as it was written: its letter, its long name, or the environment variable that
  // stands for it.

  /// There is no such option.
  case unknownOption(Text)
  /// An option that takes a value is the last word.
  case missingValue(of: Text, Option.Value)
  /// An option that takes no value was given one.
  case unexpectedValue(Text, of: Text)
  /// A letter's value follows an equals sign.
  case equalsSign(before: Text, of: Text, name: Text)
  /// The option does not accept the value.
  case invalidValue(Text, of: Text, Option.Value, ValueError)
  /// There is no command.
  case noCommand
  /// There is a command beside an option that runs none.
  case unexpectedCommand(Text, with: Text)
  /// There is an option that means nothing with `--pause`.
  case optionWithPause(Text)

  /// Writes the message: what is wrong, and what is accepted.
  public func write(to message: inout Message) {
    message.compose { describe(in: &$0) }
  }

  private func describe(in message: inout Message) {
    message.begin(.error, "usage_error")
    switch self {
    case .unknownOption(let option):
      message.add("unknown option ", option: option)
      if !message.suggest(option.closest(among: .options)) {
        message.add("; see 'swinit --help'")
      }
    case .missingValue(let option, let kind):
      message.add("missing value for ", option: option)
      message.add(": expected ", words: kind.accepted)
    case .unexpectedValue(let value, let option):
      message.add("unexpected value ", "value", quoted: value)
      message.add(" for ", option: option)
      message.add(", which takes none")
    case .equalsSign(let value, let letter, let name):
      message.add("unexpected '=' after ", option: letter)
      message.add("; write '", words: name)
      message.add("=", "value", value)
      message.add("'")
    case .invalidValue(let value, let option, let kind, let error):
      message.add("invalid value ", "value", quoted: value)
      message.add(" for ", option: option)
      message.add(": ")
      message.add(error, in: value, kind)
    case .noCommand:
      message.add("no COMMAND given; ", words: Page.usage)
      message.add("; see 'swinit --help'")
    case .unexpectedCommand(let command, let option):
      message.add("'", words: option)
      message.add("' runs no command, but was given ", command: command)
    case .optionWithPause(let option):
      message.add("cannot use ", option: option)
      message.add(" with '--pause'")
    }
  }
}

extension Message {
  /// Adds an option as it was written: a letter, to which a dash is added, a name, or a variable.
  fileprivate mutating func add(_ words: Literal, option: Text) {
    add(words)
    add("'", orName: option.count == 1 || option[0] == .ascii("-") ? "option" : "variable")
    addQuote()
    if option.count == 1 { line.append("-") }
    line.append(foreign: option, inJSON: isFields)
    addQuote()
    add("'")
  }

  /// Adds why a value isn't accepted, and what is.
  fileprivate mutating func add(_ error: ValueError, in value: Text, _ kind: Option.Value) {
    switch error {
    case .tooLong:
      add("the duration is too long")
      if case .duration = kind { add("; 'infinity' sets no limit") }
    case .unforwardable(let name):
      if !isFields, let signal = Signal(name) { line.append(signal) }
      add(" is never forwarded")
    case .unknownSignal(let name):
      let suggestion = name.closest(among: .signals)
      if name.isSame(as: value) {
        add("expected ", words: kind.accepted)
      } else {
        add("unknown signal ", sentenceOnly: name)
        if suggestion == nil { add("; expected ", words: Option.Value.acceptedSignal.text) }
      }
      suggest(suggestion)
    case .malformed: add("expected ", words: kind.accepted)
    }
  }

  /// Adds a suggestion to the sentence; false if there is none.
  @discardableResult
  mutating func suggest(_ name: Text?) -> Bool {
    guard let name else { return false }
    add("; did you mean '", words: name)
    add("'?")
    return true
  }
}
