/// What is wrong with a command line or an environment; `write(to:)` has the words.
public enum Misuse {
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
    case .unknownOption(let word):
      line.append("unknown option ")
      line.append(quoted: word)
      line.append("; 'swinit --help' lists the options")
    case .unknownLetter(let letter):
      line.append("unknown option ")
      line.append(quoted: letter, after: "-")
      line.append("; 'swinit --help' lists the options")
    case .missingValue(let flag):
      Misuse.name(flag, in: &line)
      line.append(" needs a value: ")
      line.append(flag.value?.words ?? "")
    case .unwantedValue(let flag, let value):
      Misuse.name(flag, in: &line)
      line.append(" takes no value, but was given ")
      line.append(quoted: value)
    case .invalidValue(let flag, let value):
      Misuse.name(flag, in: &line)
      Misuse.refuse(value, accepted: flag.value, in: &line)
    case .invalidVariable(let variable, let value):
      line.append("environment variable '")
      line.append(variable.name)
      line.append("'")
      Misuse.refuse(value, accepted: variable.value, in: &line)
    case .noCommand:
      line.append("no COMMAND to run\nusage: ")
      line.append(Help.usage)
      line.append("; 'swinit --help' tells more")
    case .commandWithPause(let command):
      Misuse.name(.pause, in: &line)
      line.append(" takes no COMMAND, but was given ")
      line.append(quoted: command)
    }
    line.end()
  }

  private static func name(_ flag: Flag, in line: inout Line) {
    line.append("option '")
    line.append(flag.name)
    line.append("'")
  }

  private static func refuse(_ value: Text, accepted: Accepted?, in line: inout Line) {
    line.append(": ")
    line.append(quoted: value)
    line.append(" is not accepted; it takes ")
    line.append(accepted?.words ?? "no value")
  }
}
