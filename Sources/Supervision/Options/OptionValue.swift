extension Option {
  /// The kind of an option's value, with what a value sets.
  ///
  /// The functions are thin: without a context to be counted, a row of the table is plain memory.
  public enum Value: Sendable {
    /// None.
    case flag(@convention(thin) @Sendable (inout Options) -> Void)
    /// None on the command line, where the option means `1`.
    case onOff(@convention(thin) @Sendable (inout Options, Bool) -> Void)
    /// None on the command line, where what counts is how often the option is given.
    case verbosity(@convention(thin) @Sendable (inout Options, Int) -> Void)
    /// A duration.
    case duration(@convention(thin) @Sendable (inout Options, Duration) -> Void)
    /// A duration that comes to an end, in milliseconds.
    case delay(@convention(thin) @Sendable (inout Options, Int64) -> Void)
    /// A signal that swinit can receive.
    case signal(@convention(thin) @Sendable (inout Options, Signal) -> Void)
    /// A list of signals that swinit can forward.
    case signals(@convention(thin) @Sendable (inout Options, SignalSet) -> Void)
    /// Exit statuses, a list of `FROM` or `FROM:TO`.
    case exitStatuses(@convention(thin) @Sendable (inout Options, ExitStatus, ExitStatus) -> Void)
    /// Signals, a list of `FROM:TO`; the second is nil to drop the first.
    case rewrites(@convention(thin) @Sendable (inout Options, Signal, Signal?) -> Void)
    /// The format of messages; true for JSON.
    case textOrJSON(@convention(thin) @Sendable (inout Options, Bool) -> Void)
    /// A path; nil where the command line leaves it out.
    case optionalPath(@convention(thin) @Sendable (inout Options, Text?) -> Void)
    /// None: swinit prints a page and runs nothing.
    case printing(Page)
  }
}

extension Option.Value {
  /// How `--help` shows the value after the option's name; empty if the command line takes none.
  var placeholder: Text { words.placeholder.text }

  /// Whether the command line takes a value, if only an optional one.
  var takesValue: Bool {
    switch self {
    case .flag, .onOff, .verbosity, .printing: false
    case .duration, .delay, .signal, .signals, .exitStatuses, .rewrites, .textOrJSON, .optionalPath:
      true
    }
  }

  /// Which values are accepted, as a usage error says it.
  var accepted: Text { words.accepted.text }

  /// What is accepted as a signal.
  static var acceptedSignal: CStringLiteral { "a signal such as TERM, RTMIN+3 or 15" }

  private var words: (placeholder: CStringLiteral, accepted: CStringLiteral) {
    switch self {
    case .flag, .printing: ("", "")
    case .onOff: ("", "1, 0, true, false, yes, no, on or off")
    case .verbosity: ("", "a number from 0 to 9")
    case .duration:
      (" DURATION", "a duration such as 10s, 1.5s, 500ms, 1m30s or infinity")
    case .delay: (" DURATION", "a duration such as 10s, 1.5s, 500ms or 1m30s")
    case .signal: (" SIGNAL", Option.Value.acceptedSignal)
    case .signals: (" SIGNAL[,SIGNAL...]", "signals with commas between, such as TERM,RTMIN+3")
    case .exitStatuses: (" FROM[:TO]", "FROM or FROM:TO, exit statuses from 0 to 255")
    case .rewrites: (" FROM:TO", "FROM:TO, two signals, or FROM:0 to drop FROM")
    case .textOrJSON: (" text|json", "text or json")
    case .optionalPath: ("[=PATH]", "a path; in the environment an absolute one, 1 or 0")
    }
  }

  /// Sets what the option means without a value.
  func apply(to options: inout Options) {
    switch self {
    case .flag(let set): set(&options)
    case .onOff(let set): set(&options, true)
    case .verbosity(let set): set(&options, 1)
    case .optionalPath(let set): set(&options, nil)
    case .duration, .delay, .signal, .signals, .exitStatuses, .rewrites, .textOrJSON, .printing:
      break
    }
  }

  /// Sets what the option means with this value.
  func apply(_ text: Text, to options: inout Options) throws(ValueError) {
    switch self {
    case .flag, .printing: throw .malformed
    case .onOff(let set):
      guard let isOn = Bool(switch: text) else { throw .malformed }
      set(&options, isOn)
    case .verbosity(let set):
      guard let level = Int(verbosity: text) else { throw .malformed }
      set(&options, level)
    case .duration(let set): set(&options, try Duration(text))
    case .delay(let set):
      guard case .milliseconds(let milliseconds) = try Duration(text) else { throw .malformed }
      set(&options, milliseconds)
    case .signal(let set):
      let signal = try Signal(value: text)
      guard signal.canBeForwarded || signal == .kill else { throw .unforwardable(text) }
      set(&options, signal)
    case .signals(let set):
      var signals = SignalSet.none
      var rest: Text? = text
      while let item = Text.firstItem(of: &rest) {
        signals = signals.adding(try Signal(forwardable: item))
      }
      set(&options, signals)
    case .exitStatuses, .rewrites:
      var rest: Text? = text
      while let item = Text.firstItem(of: &rest) { try apply(item: item, to: &options) }
    case .textOrJSON(let set):
      let isJSON = "json" ~= text
      guard isJSON || "text" ~= text else { throw .malformed }
      set(&options, isJSON)
    case .optionalPath(let set):
      guard !text.isEmpty else { throw .malformed }
      set(&options, text)
    }
  }

  /// Sets what an item of a list means, `FROM` or `FROM:TO`.
  private func apply(item: Text, to options: inout Options) throws(ValueError) {
    var (from, to) = item.split(at: .ascii(":"))
    (from, to) = (from.trimmed, to?.trimmed)
    switch self {
    case .exitStatuses(let set):
      guard let from = ExitStatus(from), let to = ExitStatus(to ?? "0") else { throw .malformed }
      set(&options, from, to)
    case .rewrites(let set):
      guard let to else { throw .malformed }
      let signal = try Signal(forwardable: from)
      let isDropped = "0" ~= to || to.isCaseInsensitively("NONE")
      set(&options, signal, isDropped ? nil : try Signal(value: to))
    default: throw .malformed
    }
  }
}

extension Text {
  /// Takes the first item, without spaces around it, from a list with commas; nil when the list is at
  /// its end, before which a comma may stand.
  fileprivate static func firstItem(of list: inout Text?) -> Text? {
    guard let (item, rest) = list?.split(at: .ascii(",")) else { return nil }
    list = rest?.trimmed.isEmpty == true ? nil : rest
    return item.trimmed
  }
}

extension Bool {
  /// Reads `1`, `true`, `yes` or `on`, or one of their opposites, in any case.
  init?(switch text: Text) {
    guard let index = text.indexCaseInsensitively(among: "1 TRUE YES ON 0 FALSE NO OFF") else {
      return nil
    }
    self = index < 4
  }
}

extension Signal {
  /// Reads a signal as part of a value.
  fileprivate init(value text: Text) throws(ValueError) {
    guard !text.isEmpty else { throw .malformed }
    guard let signal = Signal(text) else { throw .unknownSignal(text) }
    self = signal
  }

  /// Reads a signal that swinit can forward.
  fileprivate init(forwardable text: Text) throws(ValueError) {
    try self.init(value: text)
    guard canBeForwarded else { throw .unforwardable(text) }
  }
}

extension Int {
  /// Reads a level of verbosity, from 0 to 9.
  init?(verbosity text: Text) {
    guard let level = text.number(upTo: 9) else { return nil }
    self.init(truncatingIfNeeded: level)
  }
}

extension ExitStatus {
  /// Reads a number from 0 to 255.
  init?(_ text: Text) {
    guard let number = text.number(upTo: 255) else { return nil }
    self.init(rawValue: UInt8(truncatingIfNeeded: number))
  }
}
