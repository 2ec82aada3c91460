import Supervision

extension Action {
  /// The action in words; a report is its whole message, of a swinit that runs `cmd`.
  var words: String {
    switch self {
    case .wait(nil): "wait"
    case .wait(let deadline?): "wait until \(deadline.nanoseconds / 1_000_000) ms"
    case .readClock: "read the clock"
    case .reap(let named): named ? "reap by name" : "reap"
    case .send(let signal, let target): "send \(signal.words) to \(target.words)"
    case .run(let errand): errand.words
    case .handTerminal(let group): "hand the terminal to \(group.rawValue)"
    case .reclaimTerminal(let group): "take the terminal from \(group.rawValue)"
    case .stop(let signal, let wholeGroup, _):
      "stop\(wholeGroup ? " the whole group" : "") by \(signal.words)"
    case .report(let report): line { report.write(to: &$0, command: text("cmd")) }
    case .exit(let status): "exit \(status.rawValue)"
    }
  }
}

extension Target {
  fileprivate var words: String {
    switch self {
    case .process(let process): "process \(process.rawValue)"
    case .group(let leader): "group \(leader.rawValue)"
    }
  }
}

extension Errand {
  fileprivate var words: String {
    switch self {
    case .terminate(_, let groupWasTold): groupWasTold ? "tell all but the group" : "tell all"
    case .forward(let signal, _): "tell the rest of the group \(signal.words)"
    case .kill: "kill all"
    }
  }
}

extension Signal {
  fileprivate var words: String { line { $0.append(self) } }
}
