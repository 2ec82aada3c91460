import Foundation
import Glibc
import TestSupport
import Testing

/// Each system call of swinit fails, one at a time.
///
/// With `FAULTS=whole` each error of each call is tried, otherwise a part of them; `SCENARIOS` names
/// those to live through, separated by commas. How many calls failed is printed.
@Suite(
  .serialized, .needs([.root, .feature("what ships as SWINIT", isThere: Swinit.isMusl)])
) struct FaultTests {
  /// The Nth of each call, with each error that it can have. Before COMMAND runs, that is said and
  /// swinit leaves with a status of its own, unless it can do without the call. After that COMMAND's
  /// status comes out, but for a wait that is broken, which is said.
  @Test(arguments: Scenario.chosen, Place.allCases)
  func isSurvived(_ scenario: Scenario, at place: Place) throws {
    let plan = try Plan(scenario, at: place)
    try plan.carryOut(plan.faults)
  }

  /// All calls of one name, as under a profile that forbids it, or a limit that lasts.
  @Test(arguments: Scenario.chosen, Place.allCases)
  func isSurvivedForEver(_ scenario: Scenario, at place: Place) throws {
    let plan = try Plan(scenario, at: place)
    try plan.carryOut(plan.lastingFaults)
  }

  /// That there is no process to be had is said, and not tried for ever.
  @Test(arguments: [EAGAIN, ENOMEM], Place.allCases)
  func noProcess(_ error: Int32, at place: Place) throws {
    let fault = Fault(process: 0, call: "clone", number: 1, error: error, count: .max)
    let observation = try Trial(.start, at: place, fault).observe()
    let reason = unsafe String(cString: strerror(error))
    #expect(observation.ending == .exited(125))
    #expect(observation.said == "swinit: cannot start a process for 'sh': \(reason)\n")
    #expect(observation.faults == 1)
  }
}

/// What is to fail in a scenario, and what may come of it.
private struct Plan {
  /// So many trials at a time: most of them wait most of the time.
  private static let width = 12
  private static let isWhole = ProcessInfo.processInfo.environment["FAULTS"] == "whole"

  let scenario: Scenario
  let place: Place
  /// The scenario without a fault.
  let model: Observation
  /// What swinit says in it now and then, and what it always says.
  let possibleWords: Set<String>
  let certainWords: Set<String>

  init(_ scenario: Scenario, at place: Place) throws {
    self.scenario = scenario
    self.place = place
    let trials = try (0..<8).map { _ in try Trial(scenario, at: place, nil) }
    let models = try trials.map { trial in
      var model = try trial.observe()
      // On a busy machine a command may not have exited when its grace period is over.
      for _ in 0..<3 where model.ending != .exited(scenario.status) {
        model = try Trial(scenario, at: place, nil).observe()
      }
      return model
    }
    for model in models {
      try #require(model.ending == .exited(scenario.status), "\(model)")
      try #require(model.complaints == [])
    }
    model = models[0]
    possibleWords = models.reduce([]) { $0.union($1.words) }
    certainWords = models.reduce(possibleWords) { $0.intersection($1.words) }
  }

  /// Each call in turn fails.
  var faults: [Fault] {
    var numbers: [Observation.Call: Int] = [:]
    return model.calls.flatMap { call -> [Fault] in
      let number = numbers[call, default: 0] + 1
      numbers[call] = number
      return chosen(errors(of: call.name), number).map {
        Fault(process: call.process, call: call.name, number: number, error: $0)
      }
    }
  }

  /// All calls of a name, in swinit and in its child.
  var lastingFaults: [Fault] {
    Set(model.calls).sorted().flatMap { call -> [Fault] in
      // musl's child writes the error of an execution until it can, and the pipe never refuses it.
      if call.process > 0 && call.name == "write" { return [] }
      let errors = errors(of: call.name).filter {
        ![EINTR, EAGAIN].contains($0) || call.name == "clone"
      }
      return chosen(errors, 1).map {
        Fault(process: call.process, call: call.name, number: 1, error: $0, count: .max)
      }
    }
  }

  private func errors(of call: String) -> [Int32] {
    if let errors = Errors.all(of: call) { return errors }
    Issue.record("the table of errors lacks \(call)")
    return []
  }

  /// All of the errors, or one: another for each call of a name, and in each scenario.
  private func chosen(_ errors: [Int32], _ number: Int) -> [Int32] {
    if errors.isEmpty || Plan.isWhole { return errors }
    let start = (Scenario.allCases.firstIndex(of: scenario) ?? 0) * 2 + (place == .plain ? 1 : 0)
    return [errors[(start + number) % errors.count]]
  }

  func carryOut(_ faults: [Fault]) throws {
    var trials: [Trial] = []
    var count = 0
    for fault in faults {
      if trials.count == Plan.width { count += try judge(trials.removeFirst()) }
      trials.append(try Trial(scenario, at: place, fault))
    }
    for trial in trials { count += try judge(trial) }
    print("\(count) faults injected: \(scenario) as \(place.rawValue)")
    #expect(count >= faults.count / 2)
  }

  /// Records what is wrong; gives how many calls failed.
  private func judge(_ trial: Trial) throws -> Int {
    guard let fault = trial.fault else { return 0 }
    do {
      var observation = try trial.observe()
      var wrong = complaints(about: observation, fault)
      // What a busy machine makes different isn't so each time; what a fault does is.
      for _ in 0..<3 where !wrong.isEmpty {
        observation = try Trial(scenario, at: place, fault).observe()
        wrong = complaints(about: observation, fault)
      }
      if !wrong.isEmpty {
        Issue.record("\(scenario), \(place.rawValue), \(fault): \(wrong)\n\(observation.said)")
      }
      return observation.faults
    } catch {
      Issue.record("\(scenario), \(place.rawValue), \(fault): \(error)")
      return 0
    }
  }

  private func complaints(about observation: Observation, _ fault: Fault) -> [String] {
    var complaints = observation.complaints
    if observation.spins || observation.calls.count > limit(of: fault) {
      complaints.append("it spins: \(observation.calls.count) calls")
    }
    if isUnseenByPosixSpawn(fault) { return complaints }
    let isAsUsual = observation.ending == model.ending
    if !observation.left.isEmpty && !isBlind(observation) && mayLeaveNobody(isAsUsual, fault) {
      complaints.append("it leaves \(observation.left) behind")
    }
    if fault.error == EINTR {
      if !isAsUsual { complaints.append("it \(observation.ending)") }
      if isSeenInterruption(observation, fault) { complaints.append("an interruption is seen") }
    } else if !isAsUsual {
      if !isPermitted(observation.ending, fault) { complaints.append("it \(observation.ending)") }
      if !observation.isExplained && !isOfWords(fault) { complaints.append("it says nothing") }
    }
    return complaints
  }

  /// posix_spawn takes a pipe that it cannot read for an execution, and does not wait again for a
  /// child that failed to execute. Neither happens while its descriptors are its own and all signals
  /// are blocked.
  private func isUnseenByPosixSpawn(_ fault: Fault) -> Bool {
    guard fault.process == 0, fault.number == 1, !scenario.isOnTerminal else { return false }
    return fault.call == "read" && isBeforeCommand(fault)
      || [.notFound, .notExecutable, .shellScript].contains(scenario)
        && (fault.call == "read" || fault.call == "wait4")
  }

  /// Whether it is an interruption, and swinit says something else than without it.
  private func isSeenInterruption(_ observation: Observation, _ fault: Fault) -> Bool {
    fault.error == EINTR
      && !(certainWords.isSubset(of: observation.words)
        && observation.words.isSubset(of: possibleWords))
  }

  private func limit(of fault: Fault) -> Int {
    // So often all processes are looked at, if there are some that can't be read.
    let looks = fault.count > 1 ? 10 : 2
    return model.calls.count * looks + 200
  }

  /// Without COMMAND there is nobody to leave behind, and with `--kill-after` nobody is, unless he
  /// can't be signalled, adopted or waited for, or all look as if they were gone, or hidden.
  private func mayLeaveNobody(_ isAsUsual: Bool, _ fault: Fault) -> Bool {
    let isWait = waits.contains(fault.call)
    if !isAsUsual {
      return isBeforeCommand(fault) && scenario != .pause && !(isWait && fault.count > 1)
    }
    let allSeemGone =
      fault.call == "read" && [ESRCH, EPERM].contains(fault.error) && fault.count > 1
    return scenario.leavesNobody && !isWait && !["kill", "prctl"].contains(fault.call)
      && !allSeemGone
  }

  /// Whether it says that it can't find all, and isn't PID 1, which needn't.
  private func isBlind(_ observation: Observation) -> Bool {
    place == .plain && observation.said.contains("swinit: cannot read /proc")
  }

  /// Whether swinit may leave so, because it can't help it.
  private func isPermitted(_ ending: Ending, _ fault: Fault) -> Bool {
    // It means that the grace period is over.
    let isOfTime = fault.call == "rt_sigtimedwait" && fault.error == EAGAIN
    if isOfTime, ending == .exited(137) { return scenario.leavesNobody }
    if isBeforeCommand(fault) { return (125...127).contains { ending == .exited($0) } }
    return ending == .exited(125) && waits.contains(fault.call)
  }

  private let waits = ["wait4", "waitid", "rt_sigtimedwait"]

  /// Whether the fault is one of speech itself.
  private func isOfWords(_ fault: Fault) -> Bool {
    ["write", "pselect6", "sendto"].contains(fault.call)
  }

  private func isBeforeCommand(_ fault: Fault) -> Bool {
    if fault.process > 0 { return true }
    let call = Observation.Call(process: 0, name: fault.call)
    let end = model.calls.lastIndex { $0.process > 0 } ?? model.calls.endIndex
    return fault.number <= model.calls[..<end].count { $0 == call }
  }
}
