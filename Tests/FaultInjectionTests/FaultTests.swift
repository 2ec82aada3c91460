import Foundation
import Glibc
import TestSupport
import Testing

/// Each system call of swinit fails, one at a time.
///
/// `FAULTS=whole` tries each error of each call instead of a sample; `SCENARIOS` selects scenarios,
/// separated by commas. The tests print how many calls failed.
@Suite(
  "Failing system calls", .serialized,
  .needs([.root, .feature("a release build of swinit, named by SWINIT", isThere: Swinit.isMusl)])
) struct FaultTests {
  /// The Nth of each call fails with each of its errors. Before the command runs, swinit reports it
  /// and exits with a status of its own, unless it can do without the call. After that, swinit
  /// exits with the command's status, unless it cannot wait, which it reports.
  @Test(
    "swinit survives the failure of any single system call", arguments: Scenario.chosen,
    Place.allCases)
  func singleFailure(_ scenario: Scenario, at place: Place) throws {
    let plan = try Plan(scenario, at: place)
    try plan.run(plan.faults)
  }

  /// As under a seccomp profile that forbids the call, or at a lasting limit.
  @Test(
    "swinit survives the failure of all calls of one name", arguments: Scenario.chosen,
    Place.allCases)
  func lastingFailure(_ scenario: Scenario, at place: Place) throws {
    let plan = try Plan(scenario, at: place)
    try plan.run(plan.lastingFaults)
  }

  @Test(
    "A failing clone is reported and not tried again", arguments: [EAGAIN, ENOMEM], Place.allCases)
  func noProcess(_ error: Int32, at place: Place) throws {
    let fault = Fault(process: 0, call: "clone", number: 1, error: error, count: .max)
    let observation = try Trial(.start, at: place, fault).observe()
    let reason = unsafe String(cString: strerror(error))
    #expect(observation.ending == .exited(125))
    #expect(observation.messageText == "swinit: cannot create a process for 'sh': \(reason)\n")
    #expect(observation.faults == 1)
  }
}

/// The calls that fail in a scenario, and the permitted outcomes.
private struct Plan {
  /// The number of concurrent trials: most of them wait most of the time.
  private static let width = 12
  private static let isWhole = ProcessInfo.processInfo.environment["FAULTS"] == "whole"

  let scenario: Scenario
  let place: Place
  /// The scenario without a fault.
  let model: Observation
  /// The messages of some runs without a fault, and those of every run.
  let possibleMessages: Set<String>
  let certainMessages: Set<String>

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
      try #require(model.problems == [])
    }
    model = models[0]
    possibleMessages = models.reduce([]) { $0.union($1.messages) }
    certainMessages = models.reduce(possibleMessages) { $0.intersection($1.messages) }
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

  /// All of the errors, or one that differs for each call of a name and in each scenario.
  private func chosen(_ errors: [Int32], _ number: Int) -> [Int32] {
    if errors.isEmpty || Plan.isWhole { return errors }
    let start = (Scenario.allCases.firstIndex(of: scenario) ?? 0) * 2 + (place == .plain ? 1 : 0)
    return [errors[(start + number) % errors.count]]
  }

  func run(_ faults: [Fault]) throws {
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

  /// Records problems, and gives the number of calls that failed.
  private func judge(_ trial: Trial) throws -> Int {
    guard let fault = trial.fault else { return 0 }
    do {
      var observation = try trial.observe()
      var wrong = problems(about: observation, fault)
      // A busy machine causes problems occasionally, a fault causes them each time.
      for _ in 0..<3 where !wrong.isEmpty {
        observation = try Trial(scenario, at: place, fault).observe()
        wrong = problems(about: observation, fault)
      }
      if !wrong.isEmpty {
        Issue.record(
          "\(scenario), \(place.rawValue), \(fault): \(wrong)\n\(observation.messageText)")
      }
      return observation.faults
    } catch {
      Issue.record("\(scenario), \(place.rawValue), \(fault): \(error)")
      return 0
    }
  }

  private func problems(about observation: Observation, _ fault: Fault) -> [String] {
    var problems = observation.problems
    if observation.spins || observation.calls.count > limit(of: fault) {
      problems.append("it spins: \(observation.calls.count) calls")
    }
    if isIgnoredByPosixSpawn(fault) { return problems }
    let isAsUsual = observation.ending == model.ending
    if !observation.remaining.isEmpty && !cannotFindDescendants(observation, fault)
      && mayLeaveNothing(isAsUsual, fault)
    {
      problems.append("it leaves \(observation.remaining) behind")
    }
    if fault.error == EINTR {
      if !isAsUsual { problems.append("it \(observation.ending)") }
      if reportsInterruption(observation, fault) { problems.append("it reports an interruption") }
    } else if !isAsUsual {
      if !isPermitted(observation.ending, fault) { problems.append("it \(observation.ending)") }
      if !observation.isExplained && !isOfWriting(fault) { problems.append("it reports nothing") }
    }
    return problems
  }

  /// posix_spawn takes a pipe that it cannot read for an execution, and does not wait again for a
  /// child that failed to execute. Neither happens while its descriptors are its own and all
  /// signals are blocked.
  private func isIgnoredByPosixSpawn(_ fault: Fault) -> Bool {
    guard fault.process == 0, fault.number == 1, !scenario.isOnTerminal else { return false }
    return fault.call == "read" && isBeforeCommand(fault)
      || [.notFound, .notExecutable, .shellScript].contains(scenario)
        && (fault.call == "read" || fault.call == "wait4")
  }

  /// Whether the fault is an interruption, and swinit reports something else than without it.
  private func reportsInterruption(_ observation: Observation, _ fault: Fault) -> Bool {
    fault.error == EINTR
      && !(certainMessages.isSubset(of: observation.messages)
        && observation.messages.isSubset(of: possibleMessages))
  }

  private func limit(of fault: Fault) -> Int {
    // swinit scans all processes this often if some of them cannot be read.
    let scans = fault.count > 1 ? 10 : 2
    return model.calls.count * scans + 200
  }

  /// Without the command no process can be left behind. With `--kill-after` none is, unless it
  /// cannot be signalled, adopted or waited for, or all processes seem to have exited or are
  /// hidden.
  private func mayLeaveNothing(_ isAsUsual: Bool, _ fault: Fault) -> Bool {
    let isWait = waits.contains(fault.call)
    if !isAsUsual {
      return isBeforeCommand(fault) && scenario != .pause && !(isWait && fault.count > 1)
    }
    let allSeemExited =
      fault.call == "read" && [ESRCH, EPERM].contains(fault.error) && fault.count > 1
    return scenario.leavesNothing && !isWait && !["kill", "prctl"].contains(fault.call)
      && !allSeemExited
  }

  /// Whether swinit reports that it cannot find all descendants, if it can, and is not PID 1, which can do
  /// without.
  private func cannotFindDescendants(_ observation: Observation, _ fault: Fault) -> Bool {
    place == .plain
      && (observation.messageText.contains("swinit: cannot read /proc")
        || saysThatNobodyReads(fault))
  }

  /// Whether the kernel says by this error that standard error is a pipe that nobody reads. fifo(7)
  private func saysThatNobodyReads(_ fault: Fault) -> Bool {
    fault.call == "openat" && fault.error == ENXIO && fault.count > 1
  }

  /// Whether swinit may exit with this ending because of the fault.
  private func isPermitted(_ ending: Ending, _ fault: Fault) -> Bool {
    // The error means that the grace period is over.
    let isOfTime = fault.call == "rt_sigtimedwait" && fault.error == EAGAIN
    if isOfTime, ending == .exited(137) { return scenario.leavesNothing }
    if isBeforeCommand(fault) { return (125...127).contains { ending == .exited($0) } }
    return ending == .exited(125) && waits.contains(fault.call)
  }

  private let waits = ["wait4", "waitid", "rt_sigtimedwait"]

  /// Whether the fault affects writing messages itself.
  private func isOfWriting(_ fault: Fault) -> Bool {
    ["write", "pselect6", "sendto"].contains(fault.call) || saysThatNobodyReads(fault)
  }

  private func isBeforeCommand(_ fault: Fault) -> Bool {
    if fault.process > 0 { return true }
    let call = Observation.Call(process: 0, name: fault.call)
    let end = model.calls.lastIndex { $0.process > 0 } ?? model.calls.endIndex
    return fault.number <= model.calls[..<end].count { $0 == call }
  }
}
