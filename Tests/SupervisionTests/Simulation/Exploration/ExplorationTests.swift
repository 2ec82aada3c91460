import Foundation
import Supervision
import Testing

/// Every history of swinit on a model kernel in which no more than a few things happen; see
/// `Violation.Rule` for what must hold in each, and `Setting.all` for what may happen.
///
/// `EXPLORATION_DEPTH` lets more things happen than by default: one more takes six times as long.
@Suite("All short histories on a model kernel")
struct ExplorationTests {
  private static let depth =
    ProcessInfo.processInfo.environment["EXPLORATION_DEPTH"].flatMap { Int($0) } ?? 0
  /// Those whose names have `EXPLORATION_SETTING` in them, if that is set.
  private static let settings = Setting.all.filter { setting in
    ProcessInfo.processInfo.environment["EXPLORATION_SETTING"]
      .map { setting.name.contains($0) } ?? true
  }

  @Test(
    "Every short history on the model kernel obeys all rules and terminates", arguments: settings)
  func rules(setting: Setting) {
    var setting = setting
    setting.energy += ExplorationTests.depth
    var exploration = Exploration(setting) { requested, isPID1 in
      Supervisor(requested, isPID1: isPID1)
    }
    do {
      let result = try exploration.explore()
      if ExplorationTests.depth > 0 { print("explored \(setting): \(result)") }
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test(
    "The exploration detects the known defects of other inits", arguments: Mutant.Defect.allCases)
  func defects(defect: Mutant.Defect) {
    // Only those that show it: all take a hundred times as long.
    for setting in Setting.all where setting.name.hasPrefix(defect.setting) {
      var exploration = Exploration(setting) { requested, isPID1 in
        Mutant(
          defect, Supervisor(Mutant.distorted(requested, defect), isPID1: isPID1))
      }
      do {
        _ = try exploration.explore()
      } catch {
        return
      }
    }
    Issue.record("nothing was found")
  }

  @Test("The exploration counts paths and detects an endless one")
  func graph() {
    var graph = StateGraph()
    // From 0 to 1 and 2, from both to 3.
    for (from, targets) in [nil: [0], 0: [1, 2], 1: [3], 2: [3], 3: []]
      .sorted(by: { $0.key ?? -1 < $1.key ?? -1 })
    {
      if from != nil { _ = graph.open() }
      for (choice, target) in targets.enumerated() { graph.add(target, from: from, [choice]) }
    }
    #expect(graph.count == 4)
    #expect(graph.paths == 2)
    #expect(graph.way(to: 3) == [[0], [0]])
    graph.add(1, from: 3, [0])
    #expect(graph.paths == nil)
    #expect(graph.someOnCycle == 1)
  }
}

extension Mutant.Defect {
  /// How the names of the settings begin whose exploration shows the defect.
  fileprivate var setting: String {
    switch self {
    case .diesOfProcessSignal, .exitsMidSweep, .forgetsSecondReport: "signals are rewritten"
    case .restartsClock, .tellsTwice, .waitsIndefinitely, .killsAtOnce, .diesOfNotPermitted,
      .asksAgain,
      .asksTooFew, .namesNoSurvivors:
      "some mayn't be signalled"
    case .logsNothing: "calls fail"
    case .keepsTerminal, .stopsBeforeItLooks, .forwardsMembersStops, .runsWhileStopped,
      .exitsInsteadOfDying, .lendsNothingOnDemand, .stopsForForeignStop, .leavesOwnGroupStopped,
      .stopsOwnGroupAlone, .sweepsOn, .reclaimsNothingAtExit, .forgetsToWait, .scansBeforeSignals,
      .forgetsWhichSignal, .runsWhileDescendantsStop:
      "a daemon that is waited for, on a terminal"
    case .continuesWithoutTerminal, .leavesCommandSuspended: "a stop delay on a terminal"
    case .forgetsDelay: "a stop delay and a grace period"
    case .forgetsStopSignals: "stop signals of one's choice"
    case .readsNothingLast, .guessesVictims, .findsNoVictims: "kills that others reap"
    case .looksForNoZombies, .looksOnce: "looks for zombies"
    case .countsPeriodsFromStart: "scans for zombies that take longer"
    default: "COMMAND and its orphans"
    }
  }
}
