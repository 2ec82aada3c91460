/// The environment: variables that set options, and those that swinit handles for COMMAND.
public struct Environment {
  private var strings: CStringArray
  /// Whether a variable may set an option: most environments have none, and are read only once.
  private var mayHaveOptions = false

  /// Reads the names of all variables once.
  public init(_ strings: CStringArray) {
    self.strings = strings
    for index in SafeRange(strings.count) {
      guard let string = strings[index] else { continue }
      switch string[0] {
      case .ascii("S"): mayHaveOptions = mayHaveOptions || string.hasPrefix("SWINIT_")
      case .ascii("T"): mayHaveOptions = mayHaveOptions || string.hasPrefix("TINI_")
      case .ascii("D"): mayHaveOptions = mayHaveOptions || string.hasPrefix("DUMB_INIT_")
      default: break
      }
    }
  }

  /// Where commands are searched for, as by execvp(3); nil without `PATH`.
  public var path: Text? { strings.value(of: "PATH") }

  /// Sets the options that variables ask for. swinit's own variables take precedence over tini's,
  /// and those over dumb-init's.
  func apply(to options: inout Options) throws(UsageError) {
    guard mayHaveOptions else { return }
    // A mistake in any variable is reported in this format.
    options.logsObjects = strings.value(of: "SWINIT_LOG_FORMAT").map { "json" ~= $0 } ?? false
    try apply(.dumbInit, to: &options)
    try apply(.tini, to: &options)
    try apply(.swinit, to: &options)
  }

  /// Where a variable is from.
  private enum Origin { case dumbInit, tini, swinit }

  /// Sets the options that variables of this origin ask for.
  @inline(never)  // 144 bytes, with the two below
  private func apply(_ origin: Origin, to options: inout Options) throws(UsageError) {
    for row in Option.rows {
      let variable =
        switch origin {
        case .dumbInit: row.dumbInit
        case .tini: row.tini
        case .swinit: row.variable
        }
      guard let (name, setting) = variable?.text.split(at: .ascii("=")),
        let value = strings.value(of: name)
      else { continue }
      switch (origin, row.option.value) {
      case (.dumbInit, _):
        if let setting, value.isSame(as: setting) { row.option.value.apply(to: &options) }
      case (.tini, .flag(let set)):
        // tini asks only whether the variable is there.
        set(&options)
      default:
        // An empty variable counts as unset.
        guard !value.isEmpty else { continue }
        do throws(ValueError) {
          try Environment.apply(value, row.option.value, to: &options)
        } catch {
          throw .invalidValue(value, of: name, row.option.value, error)
        }
        // From level 2 on, tini logs which signals it forwards.
        if origin == .tini { options.verbosity = max(options.verbosity &- 1, 0) }
      }
    }
  }

  /// A path may also be switched on or off. It is absolute: who sets a variable seldom knows the
  /// working directory, and a misspelt switch must not name a file.
  private static func apply(
    _ value: Text, _ kind: Option.Value, to options: inout Options
  ) throws(ValueError) {
    if case .optionalPath = kind {
      if let isOn = Bool(switch: value) {
        if isOn { kind.apply(to: &options) }
        return
      }
      guard value[0] == .ascii("/") else { throw .malformed }
    }
    try kind.apply(value, to: &options)
  }

  /// The name of the next variable from an index on that misspells one of swinit's, nil if there is
  /// none. Others are left alone: Kubernetes sets `SWINIT_PORT` and the like for a Service that is
  /// called swinit.
  @inline(never)
  public func nextMisspelling(from index: inout Int) -> Text? {
    guard mayHaveOptions else { return nil }
    while let string = strings[index] {
      index &+= 1
      let name = string.split(at: .ascii("=")).head
      if name.hasPrefix("SWINIT_"), let known = name.closest(among: .variables),
        !known.isSame(as: name)
      {
        return name
      }
    }
    return nil
  }

  /// Removes from the array itself all variables that are not passed on to COMMAND, however often
  /// they are there. The others keep their order.
  public mutating func removeOwnVariables() {
    guard mayHaveOptions else { return }
    for row in Option.rows {
      if !row.isPassedOn, let name = row.variable { strings.removeAll(named: name.text) }
    }
  }

  /// The variables that name this process, which is asked for only if there are any.
  public func ownerVariables(naming process: () -> ProcessID) -> OwnerVariables {
    OwnerVariables(
      listenPID: index(of: "LISTEN_PID", naming: process),
      watchdogPID: index(of: "WATCHDOG_PID", naming: process))
  }

  @inline(never)
  private func index(of name: Text, naming process: () -> ProcessID) -> Int? {
    guard let index = strings.index(of: name),
      let number = strings.value(of: name)?.number(upTo: 1 << 30),
      number == Int64(process().rawValue)
    else { return nil }
    return index
  }
}

/// The indices, among the environment's strings, of variables that name swinit but are meant for the
/// command, which would ignore them otherwise; see sd_listen_fds(3) and sd_watchdog_enabled(3).
public struct OwnerVariables: Sendable {
  /// The index of `LISTEN_PID`.
  public var listenPID: Int?
  /// The index of `WATCHDOG_PID`.
  public var watchdogPID: Int?
  /// Whether there are none.
  public var isEmpty: Bool { listenPID == nil && watchdogPID == nil }
}
