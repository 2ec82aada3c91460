import Supervision

// Sweeps, and who has a turn when one has no end.

extension Referee {
  /// Whether so many children were reaped that others have their turn.
  var isBreakingOff: Bool { (sweepIsDue || mayBeStopped) && reaps == wishes.reapsAtATime }

  /// The clock was read for them: the deadline may have passed, and nobody knows who is left.
  mutating func noteClockBetween(_ now: Instant) {
    hasReadClockBetween = true
    hasChildren = true
    noteDeadline(now)
    attendToRemainder()
  }

  mutating func noteSweep(_ hasChildren: Bool) {
    sweepIsDue = false
    reaps = 0
    account.namesKilled = false
    if let command, mayBeStopped, isKnownAsStopped, end == nil {
      duties = [.send(.continue, to: targetOfForwards(command), .resuming)]
    }
    mayBeStopped = false
    self.hasChildren = hasChildren
    if hasChildren { attendToRemainder() } else { dueErrand = nil }
  }

  private mutating func attendToRemainder() {
    if case .killing = phase {
      // Somebody ended, and may have left a child that was born meanwhile.
      dueErrand = .kill(group: group)
    } else if isOver && !allWereTold {
      allWereTold = true
      if wishes.grace != nil {
        dueErrand = .terminate(group: group, groupWasTold: groupWasTold)
      } else if let group, !wishes.singleChild,
        let signal = wishes.substitute(for: .terminate)
      {
        dueErrand = .forward(signal, group: group)
      }
    }
  }

  mutating func check(_ inspection: Inspection) throws(Violation) {
    if inspection != inspectionToMake { throw Violation(.asksForNames, "\(inspection)") }
    if isBroken || !(sweepIsDue || mayBeStopped) {
      throw Violation(.sweepsWithReason, "nothing changed")
    }
    if isBreakingOff { throw Violation(.breaksOff, "it goes on after \(reaps) children") }
  }

  /// Signals have their turn, after all that is more urgent.
  mutating func checkTurn() throws(Violation) {
    guard isBreakingOff, hasReadClockBetween else { throw Violation(.breaksOff, "for nothing") }
    if isBroken || mustLeave || isOver && wishes.grace == nil {
      throw Violation(.leavesInTime, "it goes on although all is over")
    }
    if let dueErrand { throw Violation(.runsErrands, "it goes on before \(dueErrand)") }
    if !unsaid.isEmpty { throw Violation(.saysWhatHappened, "nothing instead of \(unsaid)") }
    reaps = 0
    hasReadClockBetween = false
  }
}
