/// An option, as the command line names it. Everything else about it stands in its row of the table.
public struct Option: Sendable {
  fileprivate let literalName: CStringLiteral
  /// The kind of its value, and what a value sets.
  let value: Value

  /// The long name with its two dashes.
  var name: Text { literalName.text }

  /// One row an option: the command line, the environment, usage errors and `--help` read it, and a test
  /// holds README to it. A new option is a row here, a field of `Options`, and a test.
  ///
  /// The compiler makes the table a constant: no code runs to set it up, and nothing can change it.
  private static let table: InlineArray<_, Row> = [
    Row(
      .shutdown, "k", "--kill-after", .duration { $0.killAfter = $1 }, "SWINIT_KILL_AFTER",
      help: "terminate all descendants; after DURATION, kill those that remain"),
    Row(
      .shutdown, nil, "--stop-signal", .signals { $0.stopSignals = $1 }, "SWINIT_STOP_SIGNAL",
      help: "the signals that begin shutdown (default: TERM,INT)"),
    // Another swinit among COMMAND's descendants would wait once more.
    Row(
      .shutdown, nil, "--stop-delay", .delay { $0.stopDelay = $1 }, "SWINIT_STOP_DELAY",
      isPassedOn: false,
      help: "forward the first stop signal only after DURATION"),
    Row(
      .shutdown, nil, "--wait", .onOff { $0.waits = $1 }, "SWINIT_WAIT",
      help: "when COMMAND exits, wait for its descendants without signalling them"),
    Row(
      .shutdown, "P", "--pause", .flag { $0.pauses = true },
      help: "run no COMMAND: reap orphans, exit 0 on a stop signal"),
    Row(
      .signals, "r", "--rewrite", .rewrites { $0.rewrites.rewrite($1, to: $2) },
      "SWINIT_REWRITE",
      help: "forward signal FROM as TO, or drop it if TO is 0; repeatable"),
    Row(
      .signals, "c", "--single-child", .onOff { $0.singleChild = $1 }, "SWINIT_SINGLE_CHILD",
      dumbInit: "DUMB_INIT_SETSID=0",
      help: "signal COMMAND alone, not its process group"),
    Row(
      .signals, "p", "--parent-death-signal", .signal { $0.parentDeathSignal = $1 },
      "SWINIT_PARENT_DEATH_SIGNAL",
      help: """
        forward SIGNAL when the thread that started swinit exits (KILL kills
        swinit alone)
        """),
    Row(
      .exitStatus, "e", "--exit-code", .exitStatuses { $0.exitStatuses.map($1, to: $2) },
      "SWINIT_EXIT_CODE",
      help: "report exit status FROM as TO, 0 unless given; repeatable"),
    Row(
      .logging, "v", "--verbose", .verbosity { $0.verbosity = $1 }, "SWINIT_VERBOSITY",
      tini: "TINI_VERBOSITY", dumbInit: "DUMB_INIT_DEBUG=1",
      help: "log what is forwarded and how COMMAND terminates; -vv: every reap too"),
    Row(
      .logging, "w", "--warn-reaped", .onOff { $0.warnsOfReaped = $1 }, "SWINIT_WARN_REAPED",
      help: "log each adopted orphan that is reaped, with its name"),
    Row(
      .logging, nil, "--log-format", .textOrJSON { $0.logsObjects = $1 }, "SWINIT_LOG_FORMAT",
      help: "write messages as sentences (the default) or as JSON objects"),
    // Another swinit among COMMAND's descendants would empty the termination log.
    Row(
      .logging, nil, "--termination-log",
      .optionalPath { $0.terminationLog = $1 ?? "/dev/termination-log" },
      "SWINIT_TERMINATION_LOG", isPassedOn: false,
      help: "write how COMMAND terminated to PATH (default: /dev/termination-log)"),
    // Never, and without a pause, are both no period.
    Row(
      .logging, nil, "--zombie-check",
      .duration { $0.zombieCheck = $1 == .milliseconds(0) ? .infinity : $1 },
      "SWINIT_ZOMBIE_CHECK",
      help: "look this often for zombies that other processes do not reap"),
    Row(
      .logging, nil, "--ps", .flag { $0.listsProcesses = true },
      help: "print the processes that /proc shows as a tree, and exit"),
    Row(
      .compatibility, "g", "--group", .flag { $0.singleChild = false },
      tini: "TINI_KILL_PROCESS_GROUP",
      help: "signal COMMAND's process group: the default"),
    Row(
      .compatibility, "s", "--subreaper", .flag { _ in },
      tini: "TINI_SUBREAPER",
      help: "adopt orphans: always the case"),
    Row(.compatibility, "h", "--help", .printing(.help), help: ""),
    Row(.compatibility, "V", "--version", .printing(.version), help: ""),
    Row(
      .compatibility, "l", "--license", .printing(.license),
      help: "print this, the version, the license"),
  ]

  /// The rows of all options, one by one.
  struct Rows: Sequence, IteratorProtocol {
    private var index = 0

    mutating func next() -> Row? {
      defer { index &+= 1 }
      return row(at: index)
    }
  }

  /// The row at an index, nil past the last.
  static func row(at index: Int) -> Row? {
    index >= 0 && index < table.count ? table[index] : nil
  }

  /// The rows of all options, in the order in which `--help` lists them.
  static var rows: Rows { Rows() }

  /// The option with this letter, which isn't zero.
  static func named(letter: UInt8) -> Option? { named("", letter: letter) }

  /// The option with this long name, its two dashes included.
  static func named(_ name: Text) -> Option? { named(name, letter: 0) }

  private static func named(_ name: Text, letter: UInt8) -> Option? {
    for row in rows {
      if letter != 0 ? row.letter == letter : row.option.name.isSame(as: name) { return row.option }
    }
    return nil
  }

  /// Everything that is particular to an option.
  struct Row: Sendable {
    /// Its name and the kind of its value.
    let option: Option
    /// Under which heading `--help` lists it.
    let group: Group
    /// The letter that follows one dash, zero for none.
    let letter: UInt8
    /// Whether COMMAND receives the environment variable.
    let isPassedOn: Bool
    /// The environment variable that takes the same values.
    let variable: CStringLiteral?
    /// tini's variable with the same meaning.
    let tini: CStringLiteral?
    /// dumb-init's variable and the value, `NAME=VALUE`, with the same meaning.
    let dumbInit: CStringLiteral?
    /// What `--help` says; an option without help of its own shares the next one's.
    let help: CStringLiteral

    // Inlined, so that the table is a constant.
    init(
      _ group: Group, _ letter: Unicode.Scalar?, _ name: CStringLiteral, _ value: Value,
      _ variable: CStringLiteral? = nil,
      isPassedOn: Bool = true, tini: CStringLiteral? = nil, dumbInit: CStringLiteral? = nil,
      help: CStringLiteral
    ) {
      self.group = group
      self.letter = letter.map { .ascii($0) } ?? 0
      self.option = Option(literalName: name, value: value)
      self.variable = variable
      self.isPassedOn = isPassedOn
      self.tini = tini
      self.dumbInit = dumbInit
      self.help = help
    }
  }
  /// The headings of `--help`.
  enum Group {
    case shutdown, signals, exitStatus, logging, compatibility

    var heading: Text {
      switch self {
      case .shutdown: "Shutdown"
      case .signals: "Signals"
      case .exitStatus: "Exit status"
      case .logging: "Logging and diagnosis"
      case .compatibility: "Compatibility"
      }
    }
  }
}
