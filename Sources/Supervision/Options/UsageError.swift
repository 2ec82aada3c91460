/// A mistake in the command line or the environment; `write(to:)` words it.
public enum UsageError: Error {
  /// A word begins with two dashes, but is no option's name.
  case unknownOption(Text)
  /// A letter after a dash is no option's.
  case unknownLetter(Text)
  /// An option that takes a value is the last word.
  case missingValue(of: Option)
  /// An option that takes no value was given one.
  case unexpectedValue(Text, of: Option)
  /// The option doesn't accept the value.
  case invalidValue(Text, of: Option)
  /// The value isn't accepted in the environment variable of this name.
  case invalidVariable(Text, of: Text, Option.Value)
  /// There is no command.
  case noCommand
  /// There is a command beside `--pause`.
  case commandWithPause(Text)
  /// There is an option that means nothing with `--pause`.
  case optionWithPause(Text)

  /// Writes the message: what was wrong, and what is accepted.
  public func write(to line: inout Line) {
    line.append("swinit: ")
    switch self {
    case .unknownOption(let word): line.append("unknown option '", word, UsageError.seeHelp)
    case .unknownLetter(let letter): line.append("unknown option '-", letter, UsageError.seeHelp)
    case .missingValue(let option):
      line.append("option '", option.name, "' needs a value: ")
      line.append(option.value.accepted)
    case .unexpectedValue(let value, let option):
      line.append("option '", option.name, "' takes no value, but was given '")
      line.append("", value, "'")
    case .invalidValue(let value, let option):
      line.append("option '", option.name, "': '")
      UsageError.refuse(value, option.value, in: &line)
    case .invalidVariable(let value, let name, let kind):
      line.append("environment variable '", name, "': '")
      UsageError.refuse(value, kind, in: &line)
    case .noCommand:
      line.append("no COMMAND to run\n")
      line.append(Page.usage)
      line.append("; 'swinit --help' tells more")
    case .commandWithPause(let command):
      line.append("option '--pause' takes no COMMAND, but was given '", command, "'")
    case .optionWithPause(let option):
      line.append("option '", option, "' cannot be used with '--pause'")
    }
    line.end()
  }

  private static var seeHelp: Text { "'; 'swinit --help' lists the options" }
  private static var stopsInit: Text {
    "' would stop swinit itself, for good; choose another signal, such as TERM"
  }
  private static var isNotForwarded: Text {
    "' is never forwarded, so it would have no effect; choose another signal, such as TERM"
  }

  private static func refuse(_ value: Text, _ kind: Option.Value, in line: inout Line) {
    if case .signal = kind, let signal = Signal(value) {
      line.append("", value, signal == .stop ? UsageError.stopsInit : UsageError.isNotForwarded)
      return
    }
    line.append("", value, "' is not accepted; it takes ")
    line.append(kind.accepted)
  }
}

extension Line {
  /// Adds foreign bytes, escaped, between words.
  @inline(never)
  fileprivate mutating func append(_ before: Text, _ text: Text, _ after: Text) {
    append(before)
    append(foreign: text, inJSON: false)
    append(after)
  }
}
