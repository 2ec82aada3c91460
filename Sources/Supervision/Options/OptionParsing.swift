// How the values of options and variables are read.

extension Options {
  /// Sets what an option with a value asks for, or a switch to `1` or `0`; false for a value that
  /// can't be understood.
  @inline(never)
  mutating func take(_ flag: Flag, _ value: Text) -> Bool {
    switch flag {
    case .killAfter:
      guard let duration = Duration(value) else { return false }
      killAfter = duration
    case .zombieCheck:
      guard let duration = Duration(value) else { return false }
      // Never, and without a pause, are both no period.
      zombieCheck = duration == .milliseconds(0) ? .infinity : duration
    case .exitCode: return forEachItem(of: value) { $0.addExitStatus($1) }
    case .rewrite: return forEachItem(of: value) { $0.addRewrite($1) }
    case .parentDeathSignal:
      guard let signal = Signal(value), signal != .stop, signal != .childChanged else {
        return false
      }
      parentDeathSignal = signal
    case .logFormat:
      logsObjects = "json" ~= value
      return logsObjects || "text" ~= value
    case .terminationLog:
      terminationLog = value
      return !value.isEmpty
    case .verbose:
      guard let level = value.number(upTo: 9) else { return false }
      verbosity = Int(truncatingIfNeeded: level)
    case .singleChild:
      singleChild = "1" ~= value
      return singleChild || "0" ~= value
    case .warnReaped:
      warnsOfReaped = "1" ~= value
      return warnsOfReaped || "0" ~= value
    case .group, .subreaper, .pause, .help, .version, .license: return false
    }
    return true
  }

  /// Reads `FROM` or `FROM:TO`.
  @inline(never)
  private mutating func addExitStatus(_ item: Text) -> Bool {
    let (from, to) = item.split(at: .ascii(":"))
    guard let from = ExitStatus(from), let to = ExitStatus(to ?? "0") else { return false }
    exitStatuses.map(from, to: to)
    return true
  }

  /// Reads `FROM:TO`.
  @inline(never)
  private mutating func addRewrite(_ item: Text) -> Bool {
    let (from, to) = item.split(at: .ascii(":"))
    guard let from = Signal(from), from.canBeForwarded, let to else { return false }
    let isDropped = "0" ~= to || to.isCaseInsensitively("NONE")
    guard let signal = isDropped ? from : Signal(to) else { return false }
    rewrites.rewrite(from, to: isDropped ? nil : signal)
    return true
  }

  /// Reads several items with commas between.
  @inline(never)
  private mutating func forEachItem(
    of list: Text, _ take: (inout Options, Text) -> Bool
  ) -> Bool {
    var rest: Text? = list
    while let items = rest {
      let (item, tail) = items.split(at: .ascii(","))
      guard take(&self, item) else { return false }
      rest = tail
    }
    return true
  }
}

extension ExitStatus {
  /// Reads a number from 0 to 255.
  init?(_ text: Text) {
    guard let number = text.number(upTo: 255) else { return nil }
    self.init(rawValue: UInt8(truncatingIfNeeded: number))
  }
}
