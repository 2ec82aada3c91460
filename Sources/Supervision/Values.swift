// How the values of options and variables are read. Each function is false for a value that can't
// be understood.

extension Text {
  /// What `1` and `0` stand for, nil for anything else.
  var truth: Bool? {
    switch self {
    case "1": true
    case "0": false
    default: nil
    }
  }
}

extension Options {
  mutating func setKillAfter(_ value: Text) -> Bool {
    guard let duration = Duration(value) else { return false }
    killAfter = duration
    return true
  }

  @inline(never)
  mutating func setParentDeathSignal(_ value: Text) -> Bool {
    guard let signal = Signal(value) else { return false }
    parentDeathSignal = signal
    return true
  }

  /// Reads `FROM` or `FROM:TO`, or several with commas between.
  @inline(never)
  mutating func addExitStatuses(_ value: Text) -> Bool {
    forEachItem(of: value) { options, item in
      let (from, to) = item.split(at: .ascii(":"))
      guard let from = ExitStatus(from) else { return false }
      guard let to else {
        options.exitStatuses.map(from, to: .success)
        return true
      }
      guard let to = ExitStatus(to) else { return false }
      options.exitStatuses.map(from, to: to)
      return true
    }
  }

  /// Reads `FROM:TO`, or several with commas between.
  @inline(never)
  mutating func addRewrites(_ value: Text) -> Bool {
    forEachItem(of: value) { options, item in
      let (from, to) = item.split(at: .ascii(":"))
      guard let from = Signal(from), from.canBeForwarded, let to else { return false }
      if "0" ~= to || to.isCaseInsensitively("NONE") {
        options.rewrites.rewrite(from, to: nil)
        return true
      }
      guard let to = Signal(to) else { return false }
      options.rewrites.rewrite(from, to: to)
      return true
    }
  }

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
