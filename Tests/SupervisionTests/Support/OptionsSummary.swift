@testable import Supervision

extension Options {
  /// The options that differ from the default: each option's long name and its value.
  var summary: String {
    var parts: [String] = []
    if singleChild { parts.append("single-child") }
    switch killAfter {
    case .milliseconds(let span)?: parts.append("kill-after \(span) ms")
    case .infinity?: parts.append("kill-after infinity")
    case nil: break
    }
    if stopSignals != SignalSet.none.adding(.terminate).adding(.interrupt) {
      let signals = (1...64).filter { stopSignals.contains(Signal(rawValue: $0)) }
      parts.append("stop-signal " + signals.map(String.init).joined(separator: " "))
    }
    if stopDelay > 0 { parts.append("stop-delay \(stopDelay) ms") }
    if waits { parts.append("wait") }
    if let signal = parentDeathSignal { parts.append("parent-death-signal \(signal.rawValue)") }
    for from in UInt8.min...UInt8.max {
      let to = exitStatuses[ExitStatus(rawValue: from)].rawValue
      if to != from { parts.append("exit-code \(from):\(to)") }
    }
    for from in 1...Signal.last.rawValue {
      let to = rewrites[Signal(rawValue: from)]?.rawValue ?? 0
      if to != from { parts.append("rewrite \(from):\(to)") }
    }
    if warnsOfReaped { parts.append("warn-reaped") }
    if verbosity > 0 { parts.append("verbosity \(verbosity)") }
    if logsObjects { parts.append("log-format json") }
    if let path = terminationLog { parts.append("termination-log \(path.string)") }
    switch zombieCheck {
    case .milliseconds(let span): parts.append("zombie-check \(span) ms")
    case .infinity: break
    }
    if pauses { parts.append("pause") }
    return parts.joined(separator: ", ")
  }
}
