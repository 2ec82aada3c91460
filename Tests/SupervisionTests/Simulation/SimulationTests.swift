import Foundation
import Testing

@testable import Supervision

/// Histories of swinit on a model kernel; see `Violation.Rule` for what must hold in each.
///
/// A history that breaks a rule is printed in full, with its seed. `SIMULATION_SEED` repeats the history
/// of one seed; `SIMULATION_HISTORIES` sets how many are lived.
@Suite("Random histories on a model kernel")
struct SimulationTests {
  /// How many histories a test case lives: to announce each would take longer than to live it.
  private static let batch: UInt64 = 250
  private static let histories = number(in: "SIMULATION_HISTORIES") ?? 20_000
  private static let seed = number(in: "SIMULATION_SEED")

  private static func number(in variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
  }

  /// The seeds of each batch.
  private static let batches: [Range<UInt64>] =
    if let seed {
      [seed..<seed + 1]
    } else {
      stride(from: 0, to: histories, by: Int(batch)).map { $0..<min($0 + batch, histories) }
    }

  @Test("Every random history on the model kernel obeys all rules", arguments: batches)
  func rules(seeds: Range<UInt64>) {
    for seed in seeds {
      var history = supervised(seed)
      do {
        try history.run()
      } catch {
        Issue.record("seed \(seed): \(error)\n\(account(of: seed))")
      }
    }
  }

  private func supervised(_ seed: UInt64, keepsTrace: Bool = false) -> History<Supervisor> {
    History(seed: seed, keepsTrace: keepsTrace) { requested, isPID1 in
      Supervisor(requested, isPID1: isPID1)
    }
  }

  /// All that happened in a history, and what swinit did.
  private func account(of seed: UInt64) -> String {
    var history = supervised(seed, keepsTrace: true)
    try? history.run()
    return history.trace.joined(separator: "\n")
  }

  @Test("The random histories reach every milestone")
  func milestones() {
    var missing = Set(Milestone.allCases)
    for seed: UInt64 in 0..<8_000 where !missing.isEmpty {
      var history = supervised(seed)
      try? history.run()
      missing.subtract(history.milestones)
    }
    #expect(missing == [])
  }

  @Test("The simulation detects a neglected pending signal or deadline")
  func starvation() throws {
    var kernel = ModelKernel(swinit: ProcessID(rawValue: 7))
    kernel.raise(ReceivedSignal(.terminate, from: .outside))
    /// How often an action is performed before that is noticed.
    func count(_ action: Action, deadline: Instant? = nil) -> Int {
      var starvation = Starvation()
      for count in 1...1_000 {
        do {
          try starvation.note(action, deadline: deadline, kernel)
        } catch {
          return count
        }
      }
      return 0
    }
    #expect(count(.countZombies) == 2)
    #expect(count(.readMemory(details: true)) == 101)
    #expect(count(.signalDescendants(.kill(group: nil))) == 41)
    #expect(count(.wait(until: nil)) == 401)
    _ = kernel.takeSignal()
    #expect(count(.countZombies) == 0)
    #expect(count(.wait(until: nil), deadline: kernel.now.later(byMilliseconds: 1)) == 0)
    #expect(count(.wait(until: nil), deadline: kernel.now) == 401)
  }

  @Test("The same seed gives the same history")
  func repetition() {
    for seed: UInt64 in 0..<20 { #expect(account(of: seed) == account(of: seed)) }
  }

  @Test("The referee detects the known defects of other inits", arguments: Mutant.Defect.allCases)
  func defects(defect: Mutant.Defect) {
    for seed: UInt64 in 0..<4_000 {
      var history = History(seed: seed) { requested, isPID1 in
        Mutant(
          defect, Supervisor(Mutant.distorted(requested, defect), isPID1: isPID1))
      }
      do {
        try history.run()
      } catch {
        if error.rule == defect.rule { return }
      }
    }
    Issue.record("nothing was found")
  }
}

extension Supervisor {
  init(_ requested: RequestedOptions, isPID1: Bool) {
    self.init(options: requested.options)
    self.isPID1 = isPID1
    reaping.changesPerTurn = requested.reapsAtATime
    reaping.turnsBeforeExit = requested.turnsBeforeExit
    rounds.interval = requested.signalsBetweenRounds
  }
}
