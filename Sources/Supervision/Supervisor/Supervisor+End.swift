// How everybody ends: all are told, waited for, and killed at the deadline.

extension Supervisor {
  /// How long those that were killed are waited for. One that the kernel doesn't let die isn't
  /// worth more.
  private static let killingMilliseconds: Int64 = 2000

  /// The clock of the grace period is started once, by whatever asks COMMAND to end first.
  @inline(never)
  mutating func beginEnd() {
    guard end == .ahead, let grace = options.killAfter else { return }
    end = grace == .infinity ? .grace : .begun
  }

  /// `--pause` was told to end.
  mutating func endPause() {
    sweepIsDue = true
    if options.killAfter == nil {
      exitStatus = .success
    } else {
      life = .ended
      beginEnd()
    }
  }

  /// The end's deadline may have passed.
  mutating func recordEndDeadline(_ now: Instant) {
    guard let endDeadline, now >= endDeadline else { return }
    if end == .killing {
      // The last of them may have ended in the same instant.
      sweepIsDue = true
      endOfCommand = endOfCommand ?? now
      exitStatus =
        life == .ended ? status : options.exitStatuses[ExitStatus(rawValue: 128 + 9)]
    } else {
      end = .killing
      // A scan could take all the time in which those are killed that were just forked.
      zombieCheck = .over
      nextZombieCheck = nil
      self.endDeadline = now.advanced(byMilliseconds: Supervisor.killingMilliseconds)
      descendantSignal = .kill(group: command)
      say(.gracePeriodExpired, from: 1)
    }
  }

  /// Some are left, or may be: COMMAND has ended, and they are told to; or they are killed.
  mutating func attendToRemainder() {
    if end == .killing {
      // One that was just forked may have outlived its parent.
      descendantSignal = .kill(group: command)
    } else if life == .ended, !allWereTold {
      allWereTold = true
      if options.killAfter != nil {
        descendantSignal = .terminate(group: command, groupWasSignalled: groupWasSignalled)
      } else if !options.singleChild {
        forwardToRemainder(.terminate)
      }
    }
  }

  mutating func recordDescendantSignal(_ foundDescendants: Bool) {
    if case .forward(let signal, let group)? = descendantSignal {
      if foundDescendants, options.killAfter == nil {
        say(.signalledRemainingGroup(signal, group: group), from: 1)
      }
    } else if !foundDescendants && !hasSaidBlind {
      hasSaidBlind = true
      say(.cannotFindDescendants)
    } else if case .terminate? = descendantSignal {
      say(.askedDescendantsToTerminate, from: 1)
    }
    descendantSignal = nil
    hasWalkedInRound = signalsOfRound != nil
    countTowardsRound(Supervisor.signalsPerWalk)
  }
}
