import Supervision

extension Action {
  /// A description of the action; for a report, the whole message of a swinit that runs `cmd`.
  var words: String {
    switch self {
    case .wait(nil): "wait"
    case .wait(let deadline?): "wait until \(deadline.nanoseconds / 1_000_000) ms"
    case .takePending(.all): "look for a signal"
    case .takePending: "look for another signal"
    case .waitBriefly: "wait briefly"
    case .readClock: "read the clock"
    case .reap(let inspection): "reap\(inspection.words)"
    case .readMemory(let details): "read the memory\(details ? " in detail" : "")"
    case .readCgroup: "read the cgroup"
    case .lookForVictims(.finding): "look for victims"
    case .lookForVictims(.remembering(let afterKill)):
      "remember the largest\(afterKill ? " after a kill" : "")"
    case .takeVictim(let kind): "take the next that is \(kind)"
    case .examineProcesses: "examine the processes"
    case .countZombies: "count zombies"
    case .takeZombies: "take the next zombies"
    case .readName(let process): "read the name of \(process.rawValue)"
    case .send(let signal, let target): "send \(signal.words) to \(target.words)"
    case .signalDescendants(let request): request.words
    case .findSurvivor(let process): "find a survivor after \(process.rawValue)"
    case .lendTerminal(let group): "lend the terminal to \(group.rawValue)"
    case .reclaimTerminal(let group, let process):
      "take the terminal from \(group.rawValue)\(process.map { " for \($0.rawValue)" } ?? "")"
    case .continueOwnGroup: "continue the own group"
    case .examineStop(let process): "examine the stop of \(process.rawValue)"
    case .stop(let signal, let wholeGroup):
      "stop\(wholeGroup ? " the whole group" : "") by \(signal.words)"
    case .report(let report, let destination):
      (destination == .terminationLog ? "log " : "") + report.words(command: "cmd")
    case .exit(let status): "exit \(status.rawValue)"
    case .die(let signal, let wholeGroup):
      "die\(wholeGroup ? " with the whole group" : "") of \(signal.words)"
    }
  }
}

extension Inspection {
  fileprivate var words: String {
    let found: String =
      switch names {
      case .none: ""
      case .ofKilled: " with names of the killed"
      case .all: " with names"
      }
    // The simulation checks `stops`.
    return found + (usage ? " and usage" : "")
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

extension DescendantSignal {
  fileprivate var words: String {
    switch self {
    case .terminate(let signal, _, let tick):
      "tell all\(tick.map { " but the group before tick \($0.rawValue)" } ?? "")"
        + (signal == .terminate ? "" : " by \(signal.words)")
    case .forward(let signal, _): "tell the rest of the group \(signal.words)"
    case .kill(_, let names): names ? "kill and name all" : "kill all"
    }
  }
}

extension Signal {
  fileprivate var words: String { line { $0.append(self) } }
}
