// How everybody ends: all are told, waited for, and killed at the deadline.

extension Supervisor {
  /// How long those that were killed are waited for. One that the kernel doesn't let die isn't
  /// worth more.
  private static let killingMilliseconds: Int64 = 2000

  /// The number of COMMAND's group.
  var group: ProcessID? {
    switch command {
    case .absent: nil
    case .running(let process, _): process
    case .ended(let process, _): process
    }
  }

  /// The clock of the grace period is started once, by whatever asks COMMAND to end first.
  mutating func beginEnd() {
    guard case .ahead = end, let grace = options.killAfter else { return }
    end = grace == .infinity ? .grace(until: nil) : .begun
  }

  /// `--pause` was told to end.
  mutating func endPause() {
    sweepIsDue = true
    if options.killAfter == nil {
      exitStatus = .success
    } else {
      command = .ended(nil, .success)
      beginEnd()
    }
  }

  mutating func recordClock(_ now: Instant) {
    guard case .milliseconds(let grace)? = options.killAfter else { return }
    end = .grace(until: now.advanced(byMilliseconds: grace))
  }

  mutating func recordDeadline(_ now: Instant) {
    if case .killing = end {
      // The last of them may have ended in the same instant.
      sweepIsDue = true
      exitStatus = statusAtTheEnd
      return
    }
    end = .killing(until: now.advanced(byMilliseconds: Supervisor.killingMilliseconds))
    errand = .kill(group: group)
    say(.gracePeriodIsOver, from: 1)
  }

  /// What to leave with although somebody is left who can't die.
  private var statusAtTheEnd: ExitStatus {
    switch command {
    case .absent: .success
    case .running: options.exitStatuses[ExitStatus(rawValue: 128 + 9)]
    case .ended(_, let status): status
    }
  }

  mutating func record(_ errand: Errand, _ foundDescendants: Bool) {
    self.errand = nil
    if !foundDescendants && !hasSaidBlind {
      hasSaidBlind = true
      report = .cannotFindDescendants
    } else if case .terminate = errand {
      say(.toldRemainder, from: 1)
    }
  }
}
