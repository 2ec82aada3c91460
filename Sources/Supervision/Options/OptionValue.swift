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

  private var words: (placeholder: CStringLiteral, accepted: CStringLiteral) {
    switch self {
    case .flag, .printing: ("", "")
    case .onOff: ("", "1 or 0")
    case .verbosity: ("", "a number from 0 to 9")
    case .duration: (" DURATION", "a duration such as 10, 10s, 500ms, 2m, 1h or infinity")
    case .delay: (" DURATION", "a duration such as 10s")
    case .signal:
      (" SIGNAL", "a signal: a name such as TERM or RTMIN+3, or a number from 1 to 64")
    case .signals:
      (
        " SIGNAL[,SIGNAL...]",
        "a signal: a name such as TERM or RTMIN+3, or a number from 1 to 64"
      )
    case .exitStatuses: (" FROM[:TO]", "FROM or FROM:TO, exit statuses from 0 to 255")
    case .rewrites: (" FROM:TO", "FROM:TO, two signals, or FROM:0 to drop FROM")
    case .textOrJSON: (" text|json", "text or json")
    case .optionalPath: ("[=PATH]", "a path")
    }
  }

  /// Sets what the option means without a value.
  @inline(never)
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

  /// Sets what the option means with this value; false if the value isn't accepted.
  @inline(never)
  func apply(_ text: Text, to options: inout Options) -> Bool {
    switch self {
    case .flag, .printing: return false
    case .onOff(let set):
      let isOn = "1" ~= text
      guard isOn || "0" ~= text else { return false }
      set(&options, isOn)
    case .verbosity(let set):
      guard let level = Int(verbosity: text) else { return false }
      set(&options, level)
    case .duration, .delay:
      guard let duration = Duration(text) else { return false }
      if case .duration(let set) = self { set(&options, duration) }
      guard case .delay(let set) = self else { break }
      guard case .milliseconds(let milliseconds) = duration else { return false }
      set(&options, milliseconds)
    case .signal(let set):
      guard let signal = Signal(text), signal != .stop, signal != .childChanged else {
        return false
      }
      set(&options, signal)
    case .signals(let set):
      var signals = SignalSet.none
      var rest: Text? = text
      while let (item, tail) = rest?.split(at: .ascii(",")) {
        guard let signal = Signal(item), signal.canBeForwarded else { return false }
        signals = signals.adding(signal)
        rest = tail
      }
      set(&options, signals)
    case .exitStatuses, .rewrites:
      var rest: Text? = text
      while let (item, tail) = rest?.split(at: .ascii(",")) {
        guard apply(item: item, to: &options) else { return false }
        rest = tail
      }
    case .textOrJSON(let set):
      let isJSON = "json" ~= text
      guard isJSON || "text" ~= text else { return false }
      set(&options, isJSON)
    case .optionalPath(let set):
      guard !text.isEmpty else { return false }
      set(&options, text)
    }
    return true
  }

  /// Sets what an item of a list means, `FROM` or `FROM:TO`.
  private func apply(item: Text, to options: inout Options) -> Bool {
    let (from, to) = item.split(at: .ascii(":"))
    switch self {
    case .exitStatuses(let set):
      guard let from = ExitStatus(from), let to = ExitStatus(to ?? "0") else { return false }
      set(&options, from, to)
    case .rewrites(let set):
      guard let from = Signal(from), from.canBeForwarded, let to else { return false }
      let isDropped = "0" ~= to || to.isCaseInsensitively("NONE")
      guard let signal = isDropped ? from : Signal(to) else { return false }
      set(&options, from, isDropped ? nil : signal)
    default: return false
    }
    return true
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
