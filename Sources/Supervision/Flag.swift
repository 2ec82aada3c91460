/// An option of the command line. What stands here serves the parser and `--help` alike.
public enum Flag: UInt8, Sendable {
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
  static let count: UInt8 = 12

  /// The letter after one dash.
  var letter: UInt8 {
    switch self {
    case .exitCode: .ascii("e")
    case .rewrite: .ascii("r")
    case .singleChild: .ascii("c")
    case .group: .ascii("g")
    case .subreaper: .ascii("s")
    case .parentDeathSignal: .ascii("p")
    case .pause: .ascii("P")
    case .warnReaped: .ascii("w")
    case .verbose: .ascii("v")
    case .help: .ascii("h")
    case .version: .ascii("V")
    case .license: .ascii("l")
    }
  }

  /// The name with its two dashes.
  public var name: StaticString {
    switch self {
    case .exitCode: "--exit-code"
    case .rewrite: "--rewrite"
    case .singleChild: "--single-child"
    case .group: "--group"
    case .subreaper: "--subreaper"
    case .parentDeathSignal: "--parent-death-signal"
    case .pause: "--pause"
    case .warnReaped: "--warn-reaped"
    case .verbose: "--verbose"
    case .help: "--help"
    case .version: "--version"
    case .license: "--license"
    }
  }

  /// What the value may be, nil for an option that takes none.
  var value: Accepted? {
    switch self {
    case .exitCode: .exitStatuses
    case .rewrite: .signals
    case .parentDeathSignal: .signal
    default: nil
    }
  }

  /// What `--help` calls the value.
  var placeholder: StaticString {
    switch self {
    case .exitCode: " FROM[:TO]"
    case .rewrite: " FROM:TO"
    case .parentDeathSignal: " SIGNAL"
    default: ""
    }
  }

  /// What `--help` says of it, in lines of at most 62 characters.
  var help: StaticString {
    switch self {
    case .exitCode:
      "report the exit status FROM as TO (0 unless given);\nrepeatable [SWINIT_EXIT_CODE]"
    case .rewrite:
      "forward the signal FROM as TO, 0 drops it; names or\nnumbers; repeatable [SWINIT_REWRITE]"
    case .singleChild:
      "signal COMMAND alone, not its process group\n[SWINIT_SINGLE_CHILD]"
    case .group:
      "signal COMMAND's process group: the default"
    case .subreaper:
      "adopt orphans when not PID 1: always the case"
    case .parentDeathSignal:
      "take SIGNAL when swinit's parent dies\n[SWINIT_PARENT_DEATH_SIGNAL]"
    case .pause:
      "run no COMMAND: reap, and exit 0 on TERM or INT"
    case .warnReaped:
      "tell of each adopted orphan that is reaped\n[SWINIT_WARN_REAPED]"
    case .verbose:
      "tell what is forwarded and how COMMAND ended; twice:\nevery reap too [SWINIT_VERBOSITY]"
    case .help: "print this and exit"
    case .version: "print the version and exit"
    case .license: "print the license and exit"
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
      if let flag = Flag(rawValue: number), flag.name ~= name {
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
  case truth
  case level

  /// The kind in words, for the message that refuses a value.
  var words: StaticString {
    switch self {
    case .signal: "a signal: a name such as TERM or RTMIN+3, or a number from 1 to 64"
    case .signals: "FROM:TO, two signals, or FROM:0 to drop FROM"
    case .exitStatuses: "FROM or FROM:TO, exit statuses from 0 to 255"
    case .truth: "1 or 0"
    case .level: "a number from 0 to 9"
    }
  }
}
