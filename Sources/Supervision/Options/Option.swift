/// An option of the command line; `Help.text` describes each.
public enum Flag: UInt8, Sendable {
  case killAfter
  case exitCode
  case rewrite
  case singleChild
  case group
  case subreaper
  case parentDeathSignal
  case pause
  case warnReaped
  case verbose
  case logFormat
  case terminationLog
  case zombieCheck
  case help
  case version
  case license

  // What belongs to each flag stands in one string, in the order of the cases: that takes less
  // room than one string each.

  private static var letters: Text { "kercgspPwv\0\0\0hVl" }
  private static var names: Text {
    """
    --kill-after --exit-code --rewrite --single-child --group --subreaper --parent-death-signal \
    --pause --warn-reaped --verbose --log-format --termination-log --zombie-check --help --version --license
    """
  }

  /// The letter after one dash, zero for none.
  var letter: UInt8 { Flag.letters[Int(rawValue)] }

  /// The name with its two dashes.
  public var name: Text { Flag.names.word(Int(rawValue)) }

  /// What the value may be, nil for an option that takes none and no variable stands for.
  var accepted: Accepted? {
    switch self {
    case .killAfter, .zombieCheck: .duration
    case .exitCode: .exitStatuses
    case .rewrite: .signals
    case .parentDeathSignal: .signal
    case .logFormat: .format
    case .terminationLog: .path
    case .verbose: .level
    case .singleChild, .warnReaped: .truth
    default: nil
    }
  }

  /// Whether the option takes a value, and doesn't just stand for one.
  var takesValue: Bool {
    switch self {
    case .verbose, .singleChild, .warnReaped: false
    default: accepted != nil
    }
  }

  /// Whether the value may be left out; then it isn't the next word.
  var valueIsOptional: Bool { self == .terminationLog }

  /// The flag with this letter.
  init?(letter: UInt8) {
    guard letter != 0, let index = Flag.letters.firstIndex(of: letter) else { return nil }
    self.init(rawValue: UInt8(truncatingIfNeeded: index))
  }

  /// The flag with this name, its two dashes included.
  init?(name: Text) {
    guard let index = Flag.names.indexOfWord(name) else { return nil }
    self.init(rawValue: UInt8(truncatingIfNeeded: index))
  }
}

/// The kinds of values that options and variables take.
enum Accepted: UInt8 {
  case signal
  case signals
  case exitStatuses
  case duration
  case format
  case path
  case truth
  case level

  /// A line for each kind, in the same order.
  private static var words: Text {
    """
    a signal: a name such as TERM or RTMIN+3, or a number from 1 to 64
    FROM:TO, two signals, or FROM:0 to drop FROM
    FROM or FROM:TO, exit statuses from 0 to 255
    a duration such as 10, 10s, 500ms, 2m, 1h or infinity
    text or json
    a path
    1 or 0
    a number from 0 to 9
    """
  }

  /// The kind in words, for the message that refuses a value.
  var words: Text { Accepted.words.part(Int(rawValue), separator: .ascii("\n")) }
}
