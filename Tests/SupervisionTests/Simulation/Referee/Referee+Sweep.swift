import Supervision

// Sweeps, and who has a turn when one has no end.

extension Referee {
  /// How many changes one reading of the memory counts as, and how many signals one walk through the
  /// descendants counts as: they take about as long.
  static let reapsPerMemoryReading = 20
  static let signalsPerWalk = 32

  /// Whether so many children were reaped that others have their turn.
  var isBreakingOff: Bool {
    let isLast = mustExit || isOver && !requested.awaitsDescendants
    let turns = isLast ? requested.turnsBeforeExit : 1
    return (sweepIsDue || mayBeStopped) && reaps >= turns * requested.reapsAtATime
  }

  /// The last sweep begins, and has more turns.
  mutating func noteLastSweep() {
    if requested.awaitsDescendants && !mustExit { return }
    sweepIsDue = true
    reaps = 0
    hasReadClockBetween = false
  }

  /// The clock was read for them: the deadline may have passed, and it is unknown which processes remain.
  mutating func noteClockBetween() {
    hasReadClockBetween = true
    hasChildren = true
    attendToRemainder()
    signalsOfRound = .all
  }

  mutating func noteSweep(_ hasChildren: Bool) {
    sweepIsDue = false
    reaps = 0
    account.namesKilled = false
    if let command, mayBeStopped, isKnownAsStopped, end == nil {
      duties = [.send(.continue, to: target(of: .continue, command), .resuming)]
    }
    hasReadClockBetween = false
    mayBeStopped = false
    noteRetry()
    self.hasChildren = hasChildren
    if hasChildren { attendToRemainder() } else { dueDescendantSignal = nil }
  }

  private mutating func attendToRemainder() {
    if case .killing = phase {
      // A process exited, and may have left a child that was forked meanwhile.
      dueDescendantSignal = .kill(group: group, names: !haveNamedKilled)
    } else if isOver && !descendantsWereSignalled && hasBegun {
      guard let signal = requested.substitute(for: .terminate) else { return }
      descendantsWereSignalled = true
      if requested.awaitsDescendants {
        dueDescendantSignal = .terminate(signal, group: group, sentBefore: groupSignalled)
      } else if let group, !requested.singleChild {
        dueDescendantSignal = .forward(signal, group: group)
      }
    }
  }

  mutating func check(_ inspection: Inspection) throws(Violation) {
    if inspection != inspectionToMake { throw Violation(.asksForNames, "\(inspection)") }
    if isBroken || !(sweepIsDue || mayBeStopped) {
      throw Violation(.sweepsWithReason, "nothing changed")
    }
    if isBreakingOff {
      if !hasReadClockBetween || signalsOfRound != nil || zombieLook.step != .over {
        throw Violation(.breaksOff, "it goes on after \(reaps) changes")
      }
      reaps = 0
      hasReadClockBetween = false
    }
  }

  /// A round of signals goes on, after all that is more urgent.
  func checkRound(_ signals: SignalSet) throws(Violation) {
    guard signals == signalsOfRound else {
      throw Violation(
        .takesRounds, "\(signals) instead of \(String(describing: signalsOfRound))")
    }
    if sweepIsDue && !isBreakingOff { throw Violation(.sweepsWithReason, "a sweep comes first") }
    if clockIsWanted { throw Violation(.readsClockWithReason, "it isn't read first") }
    if isBroken || mustExit || isOver && (!requested.awaitsDescendants || !hasChildren) {
      throw Violation(.exitsInTime, "it continues although nothing remains to do")
    }
    if let dueDescendantSignal {
      throw Violation(.signalsDescendants, "it goes on before \(dueDescendantSignal)")
    }
    if !pendingReports.isEmpty {
      throw Violation(.reportsEvents, "nothing instead of \(pendingReports)")
    }
  }

  /// So many signals were taken since the last round, or what takes as long was done.
  mutating func countTowardsRound(_ signals: Int) {
    signalsSinceRound += signals
    if signalsOfRound == nil, signalsSinceRound >= requested.signalsBetweenRounds {
      signalsOfRound = .all
    }
  }
}
