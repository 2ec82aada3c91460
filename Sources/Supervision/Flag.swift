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
  case help
  case version
  case license

  /// How many there are; their raw values count up from zero.
  static let count: UInt8 = 13

  // What belongs to each flag stands in one string, in the order of the cases: that takes less
  // room than one string each.

  private static let letters: StaticString = "kercgspPwvhVl"
  private static let names: StaticString = """
    --kill-after --exit-code --rewrite --single-child --group --subreaper --parent-death-signal \
    --pause --warn-reaped --verbose --help --version --license
    """

  /// The letter after one dash.
  var letter: UInt8 { Text(Flag.letters)[Int(rawValue)] }

  /// The name with its two dashes.
  public var name: Text { Text(Flag.names).part(Int(rawValue)) }

  /// What the value may be, nil for an option that takes none.
  var value: Accepted? {
    switch self {
    case .killAfter: .duration
    case .exitCode: .exitStatuses
    case .rewrite: .signals
    case .parentDeathSignal: .signal
    default: nil
    }
  }

  /// The flag with this letter.
  init?(letter: UInt8) {
    for number in 0..<Flag.count {
      if let flag = Flag(rawValue: number), flag.letter == letter {
        self = flag
        return
      }
    }
    return nil
  }

  /// The flag with this name, its two dashes included.
  init?(name: Text) {
    for number in 0..<Flag.count {
      if let flag = Flag(rawValue: number), name.isSame(as: flag.name) {
        self = flag
        return
      }
    }
    return nil
  }
}

/// The kinds of values that options and variables take.
enum Accepted {
  case signal
  case signals
  case exitStatuses
  case duration
  case truth
  case level

  /// The kind in words, for the message that refuses a value.
  var words: StaticString {
    switch self {
    case .signal: "a signal: a name such as TERM or RTMIN+3, or a number from 1 to 64"
    case .signals: "FROM:TO, two signals, or FROM:0 to drop FROM"
    case .exitStatuses: "FROM or FROM:TO, exit statuses from 0 to 255"
    case .duration: "a duration such as 10, 10s, 500ms, 2m, 1h or infinity"
    case .truth: "1 or 0"
    case .level: "a number from 0 to 9"
    }
  }
}
