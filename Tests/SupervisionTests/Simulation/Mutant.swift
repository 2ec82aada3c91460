@testable import Supervision

/// A supervisor with a defect, such as other inits had or have. The referee must find each.
struct Mutant: Policy, ~Copyable {
  enum Defect: CaseIterable {
    case exitsMidSweep
    case reapsOncePerSignal
    case polls
    case losesSignals
    case forwardsTwice
    case clearsTwice
    case clearsByNumber
    case clearsNothing
    case signalsCommandAlone
    case ignoresStops
    case diesOfNotPermitted
    case asksForNoNames
    case isSilent
    case killsAtOnce
    case waitsIndefinitely
    case tellsTwice
    case restartsClock
    case exitsAtOnce
    case outstays
    case keepsTerminal
    case runsWhileStopped
    case continuesWithoutTerminal
    case forwardsMembersStops
    case stopsBeforeItLooks
    case exitsInsteadOfDying
    case diesOfProcessSignal
    case lendsNothingOnDemand
    case leavesOwnGroupStopped
    case stopsForForeignStop
    case reclaimsNothingAtExit
    case leavesCommandSuspended
    case stopsOwnGroupAlone
    case readsNoMemory
    case delaysCommand
    case neverSettles
    case settlesAgain
    case sweepsOn
    case forgetsSecondReport
    case logsNothing
    case looksForNoZombies
    case looksOnce
    case readsClockFirst
    case scansBeforeSignals
    case countsPeriodsFromStart
    case asksAgain
    case asksTooFew
    case forgetsDelay
    case forgetsToWait
    case forgetsStopSignals
    case namesNoSurvivors
    case forgetsWhichSignal
    case runsWhileDescendantsStop
    case findsNoVictims
    case guessesVictims
    case readsNothingLast

    /// The rule that it breaks.
    var rule: Violation.Rule {
      switch self {
      case .exitsMidSweep, .reapsOncePerSignal: .reapsAll
      case .polls: .sweepsWithReason
      case .losesSignals: .forwardsAtOnce
      case .forwardsTwice, .signalsCommandAlone: .sendsOnlyReceivedSignals
      case .clearsTwice: .signalsDescendants
      case .clearsByNumber: .sendsNothingAfterReaping
      case .clearsNothing: .signalsRemainingGroup
      case .ignoresStops: .resumesCommand
      case .diesOfNotPermitted, .outstays: .exitsInTime
      case .asksForNoNames: .asksForNames
      case .isSilent: .reportsEvents
      case .killsAtOnce, .tellsTwice: .signalsDescendants
      case .waitsIndefinitely: .waitsUntilDeadline
      case .restartsClock, .readsClockFirst: .readsClockWithReason
      case .readsNoMemory, .delaysCommand: .readsMemory
      case .neverSettles, .settlesAgain: .letsSettle
      case .sweepsOn: .breaksOff
      case .scansBeforeSignals: .takesRounds
      case .countsPeriodsFromStart: .waitsUntilDeadline
      case .asksAgain, .asksTooFew, .forgetsToWait: .signalsDescendants
      case .forgetsDelay: .sendsOnlyReceivedSignals
      case .forgetsStopSignals: .readsClockWithReason
      case .namesNoSurvivors: .reportsEvents
      case .forgetsWhichSignal: .signalsDescendants
      case .runsWhileDescendantsStop: .stopsWithCommand
      case .forgetsSecondReport, .logsNothing: .reportsEvents
      case .looksForNoZombies, .looksOnce: .scansForZombies
      case .findsNoVictims, .readsNothingLast, .guessesVictims: .watchesCgroup
      case .exitsAtOnce: .leavesNoDescendants
      case .keepsTerminal, .leavesOwnGroupStopped, .reclaimsNothingAtExit, .stopsForForeignStop:
        .returnsTerminal
      case .runsWhileStopped, .stopsBeforeItLooks, .stopsOwnGroupAlone, .lendsNothingOnDemand:
        .stopsWithCommand
      case .leavesCommandSuspended: .resumesCommand
      case .continuesWithoutTerminal: .sendsOnlyReceivedSignals
      case .forwardsMembersStops: .sendsOnlyReceivedSignals
      case .exitsInsteadOfDying, .diesOfProcessSignal: .exitsWithStatus
      }
    }
  }

  /// What a supervisor is asked for that doesn't do all that it was asked for.
  static func distorted(_ requested: RequestedOptions, _ defect: Defect) -> RequestedOptions {
    var requested = requested
    switch defect {
    case .forgetsDelay: requested.stopDelay = 0
    case .forgetsToWait: requested.waits = false
    case .forgetsStopSignals: requested.stopSignals = [15, 2]
    default: break
    }
    return requested
  }

  let defect: Defect
  private var supervisor: Supervisor
  /// What the defect has kept back.
  private var held: Action?
  private var lastAction = Action.wait(until: nil)
  private var lastDescendantSignal: Action?
  private var hasEnded = false
  /// When the last scan for zombies became due.
  private var startOfScan: Instant?

  init(_ defect: Defect, _ supervisor: consuming Supervisor) {
    self.defect = defect
    self.supervisor = supervisor
  }

  mutating func handle(_ event: Event) -> Action {
    lastAction = distorted(event)
    return lastAction
  }

  /// What the defect makes of the event, and then of the action.
  private mutating func distorted(_ event: Event) -> Action {
    if let action = held {
      held = nil
      return action
    }
    switch (defect, event) {
    case (.countsPeriodsFromStart, .deadlinePassed(let now)):
      startOfScan = now
      return distorted(supervisor.handle(event))
    case (.countsPeriodsFromStart, .clock):
      defer { startOfScan = nil }
      return distorted(supervisor.handle(startOfScan.map { .clock(now: $0) } ?? event))
    case (.losesSignals, .received(let received)) where received.signal != .childChanged:
      return lastAction
    case (.ignoresStops, .changed(let change)) where change.status.exitStatus == nil:
      return lastAction
    case (.continuesWithoutTerminal, .lentTerminal(false)):
      return distorted(supervisor.handle(.lentTerminal(true)))
    case (.diesOfProcessSignal, .received(let received))
    where received.signal == .interrupt || received.signal == .quit:
      let keyboards = ReceivedSignal(received.signal, from: .kernel)
      return distorted(supervisor.handle(.received(keyboards)))
    case (.stopsForForeignStop, .examinedStop(false)):
      return distorted(supervisor.handle(.examinedStop(hasStoppedItself: true)))
    case (.leavesCommandSuspended, .changed(let change))
    where change.status.change == .stopped(.terminalStop):
      let action = supervisor.handle(event)
      guard case .send(.continue, _) = action else { return distorted(action) }
      return distorted(supervisor.handle(.sent(nil)))
    case (.forwardsMembersStops, .reclaimedTerminal(.reclaimedFromCommand)):
      return distorted(supervisor.handle(.reclaimedTerminal(.leftToOtherGroup)))
    case (.diesOfNotPermitted, .sent(SystemError.notPermitted?, _)): return .exit(.failure)
    case (.reapsOncePerSignal, .changed):
      let action = supervisor.handle(event)
      guard case .reap = action else { return action }
      return supervisor.handle(.swept(hasChildren: true))
    case (.forgetsSecondReport, .reported):
      let action = supervisor.handle(event)
      guard case .report = action else { return action }
      return supervisor.handle(.reported)
    case (.guessesVictims, .foundVictims(let found, let time, let now)) where found.gone != 1:
      let guess = OOMVictims(children: found.children, dying: found.dying, gone: 1)
      return distorted(supervisor.handle(.foundVictims(guess, nanoseconds: time, now: now)))
    case (.forwardsTwice, .sent(nil, _)):
      held = distorted(supervisor.handle(event))
      return lastAction
    default: return distorted(supervisor.handle(event))
    }
  }

  private mutating func distorted(_ action: Action) -> Action {
    switch (defect, action) {
    case (.exitsMidSweep, .reap) where hasEnded: return .exit(.success)
    case (.exitsMidSweep, .report(.commandTerminated, _)): hasEnded = true
    case (.polls, .wait):
      held = action
      return .reap(Inspection())
    case (.clearsTwice, .signalDescendants(.forward)): lastDescendantSignal = action
    case (.clearsTwice, .exit):
      held = action
      return lastDescendantSignal ?? action
    case (.clearsByNumber, .signalDescendants(.forward(let signal, let group))):
      return .send(signal, to: .group(group))
    case (.clearsNothing, .signalDescendants(.forward)):
      return distorted(supervisor.handle(.signalledDescendants(found: false)))
    case (.signalsCommandAlone, .send(let signal, .group(let leader))):
      return .send(signal, to: .process(leader))
    case (.asksForNoNames, .reap(let inspection)):
      return .reap(Inspection(usage: inspection.usage))
    case (.isSilent, .report): return distorted(supervisor.handle(.reported))
    case (.killsAtOnce, .signalDescendants(.terminate(_, let group, _))):
      return .signalDescendants(.kill(group: group, names: true))
    case (.waitsIndefinitely, .wait): return .wait(until: nil)
    case (.tellsTwice, .signalDescendants(.terminate(let signal, let group, _))):
      return .signalDescendants(.terminate(signal, group: group, sentBefore: nil))
    case (.asksAgain, .signalDescendants(.terminate(let signal, let group, let tick?))):
      return .signalDescendants(
        .terminate(signal, group: group, sentBefore: Tick(rawValue: tick.rawValue - 1)))
    case (.asksTooFew, .signalDescendants(.terminate(let signal, let group, let tick?))):
      return .signalDescendants(
        .terminate(signal, group: group, sentBefore: Tick(rawValue: tick.rawValue + 1)))
    case (.restartsClock, .wait(let deadline?)) where deadline.nanoseconds > 0:
      held = action
      return .readClock
    case (.exitsAtOnce, .signalDescendants): return .exit(.success)
    case (.outstays, .exit): return .wait(until: nil)
    case (.keepsTerminal, .reclaimTerminal):
      return distorted(supervisor.handle(.reclaimedTerminal(.leftToOtherGroup)))
    case (.lendsNothingOnDemand, .lendTerminal):
      return distorted(supervisor.handle(.lentTerminal(false)))
    case (.reclaimsNothingAtExit, .reclaimTerminal):
      guard case .reclaimAtExit = supervisor.terminal.request else { return action }
      return distorted(supervisor.handle(.reclaimedTerminal(.leftToOtherGroup)))
    case (.leavesOwnGroupStopped, .continueOwnGroup):
      return distorted(supervisor.handle(.continuedOwnGroup))
    case (.stopsOwnGroupAlone, .stop(let signal, wholeGroup: true)):
      return .stop(signal, wholeGroup: false)
    case (.exitsInsteadOfDying, .die): return .exit(ExitStatus(rawValue: 130))
    case (.stopsBeforeItLooks, .takePending):
      return distorted(supervisor.handle(.noSignal))
    case (.runsWhileStopped, .stop): return distorted(supervisor.handle(.resumed))
    case (.runsWhileDescendantsStop, .stop) where supervisor.command.hasExited:
      return distorted(supervisor.handle(.resumed))
    case (.forgetsWhichSignal, .signalDescendants(.terminate(_, let group, nil))):
      return .signalDescendants(.terminate(.terminate, group: group, sentBefore: nil))
    case (.namesNoSurvivors, .findSurvivor):
      return distorted(supervisor.handle(.survivor(nil)))
    case (.readsNoMemory, .readMemory(details: true)):
      return distorted(supervisor.handle(.memory(nil)))
    case (.neverSettles, .waitBriefly), (.sweepsOn, .takePending),
      (.scansBeforeSignals, .takePending):
      return distorted(supervisor.handle(.noSignal))
    case (.settlesAgain, .wait):
      held = action
      return .waitBriefly(milliseconds: 5)
    case (.delaysCommand, .reap) where !hasEnded, (.readsClockFirst, .reap) where !hasEnded:
      hasEnded = true
      held = action
      return defect == .delaysCommand ? .readMemory(details: false) : .readClock
    case (.findsNoVictims, .lookForVictims(.finding)):
      return distorted(
        supervisor.handle(
          .foundVictims(
            OOMVictims(children: 0, dying: 0, gone: 0), nanoseconds: 0,
            now: Instant(nanoseconds: 0))))
    case (.readsNothingLast, .readCgroup) where hasEnded:
      return distorted(supervisor.handle(.cgroup(nil)))
    case (.readsNothingLast, .readCgroup): hasEnded = true
    case (.logsNothing, .report(_, to: .terminationLog)):
      return distorted(supervisor.handle(.reported))
    case (.looksForNoZombies, .countZombies):
      return distorted(supervisor.handle(.zombies(nil)))
    case (.looksOnce, .takeZombies): return distorted(supervisor.handle(.zombies(nil)))
    default: break
    }
    return action
  }
}
