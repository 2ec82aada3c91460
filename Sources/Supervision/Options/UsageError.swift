/// What is wrong with a command line or an environment; `write(to:)` has the words.
public enum UsageError {
  /// A word begins with two dashes, but is no option's name.
  case unknownOption(Text)
  /// A letter after a dash is no option's.
  case unknownLetter(Text)
  /// An option that takes a value is the last word.
  case missingValue(Flag)
  /// An option that takes no value was given one.
  case unwantedValue(Flag, Text)
  /// The value isn't what the option takes.
  case invalidValue(Flag, Text)
  /// The value isn't what the environment variable takes.
  case invalidVariable(EnvironmentVariable, Text)
  /// There is nothing to run.
  case noCommand
  /// There is a COMMAND beside `--pause`.
  case commandWithPause(Text)

  /// Writes the message: what was wrong, and what is accepted.
  public func write(to line: inout Line) {
    line.append("swinit: ")
    switch self {
    case .unknownOption(let word): line.append("unknown option '", word, UsageError.lists)
    case .unknownLetter(let letter): line.append("unknown option '-", letter, UsageError.lists)
    case .missingValue(let flag):
      line.append("option '", flag.name, "' needs a value: ")
      line.append(flag.accepted?.words ?? "")
    case .unwantedValue(let flag, let value):
      line.append("option '", flag.name, "' takes no value, but was given '")
      line.append("", value, "'")
    case .invalidValue(let flag, let value):
      line.append("option '", flag.name, "': '")
      UsageError.refuse(value, flag, in: &line)
    case .invalidVariable(let variable, let value):
      line.append("environment variable '", variable.name, "': '")
      UsageError.refuse(value, variable.flag, in: &line)
    case .noCommand:
      line.append("no COMMAND to run\n")
      line.append(Help.text.split(at: .ascii("\n")).head)
      line.append("; 'swinit --help' tells more")
    case .commandWithPause(let command):
      line.append("option '--pause' takes no COMMAND, but was given '", command, "'")
    }
    line.end()
  }

  private static var stopsInit: Text {
    "' would stop swinit itself, for good; choose another signal, such as TERM"
  }
  private static var isNotForwarded: Text {
    "' is never forwarded, so it would have no effect; choose another signal, such as TERM"
  }
  private static var lists: Text { "'; 'swinit --help' lists the options" }

  private static func refuse(_ value: Text, _ flag: Flag?, in line: inout Line) {
    if flag == .parentDeathSignal, let signal = Signal(value) {
      line.append("", value, signal == .stop ? UsageError.stopsInit : UsageError.isNotForwarded)
      return
    }
    line.append("", value, "' is not accepted; it takes ")
    line.append(flag?.accepted?.words ?? "no value")
  }
}

extension Line {
  /// Adds somebody else's bytes, escaped, between words.
  @inline(never)
  fileprivate mutating func append(_ before: Text, _ text: Text, _ after: Text) {
    append(before)
    append(foreign: text, inJSON: false)
    append(after)
  }
}
