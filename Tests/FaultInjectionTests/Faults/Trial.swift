import Foundation
import Glibc
import TestSupport
import Testing

/// A system call of swinit that fails.
struct Fault: CustomStringConvertible {
  /// 0 for swinit itself, 1 for the child that becomes the command, 2 for the next child.
  let process: Int
  let call: String
  /// The number of the call among those of its name, from 1.
  let number: Int
  let error: Int32
  /// How many calls fail, from that one on.
  var count = 1

  var description: String {
    let caller = process == 0 ? "swinit" : "child \(process)"
    let reason = unsafe String(cString: strerror(error))
    return "\(call) \(number)\(count > 1 ? " and all after it" : "") of \(caller): \(reason)"
  }

  /// The argument of the probe's `with-fault`.
  var argument: String { "\(process):\(call):\(number):\(error):\(count)" }
}

/// A run of a scenario, with a fault or without.
final class Trial {
  let scenario: Scenario
  let place: Place
  let fault: Fault?
  private let directory: TemporaryDirectory
  private let terminal: PseudoTerminal?
  private let run: Run

  init(_ scenario: Scenario, at place: Place, _ fault: Fault?) throws {
    self.scenario = scenario
    self.place = place
    self.fault = fault
    directory = try TemporaryDirectory()
    terminal = scenario.isOnTerminal ? try PseudoTerminal() : nil
    let onTerminal = terminal.map { [probe, "on-terminal", $0.path] } ?? []
    let swinit = try [Swinit.path] + scenario.arguments(directory)
    let faulty = [directory("report"), fault?.argument ?? "none", Swinit.path]
    let command =
      switch place {
      // In a namespace there are few other processes, and the same ones each time.
      case .plain:
        Place.processOne.wrapper + onTerminal + [probe, "with-fault"] + faulty
          + (scenario.isOnTerminal ? [probe, "resuming"] : []) + scenario.launcher + swinit
      case .processOne:
        [probe, "with-fault", "--pid1"] + faulty + onTerminal + scenario.launcher + swinit
      }
    run = try Run(command)
  }

  /// Waits until swinit has exited, and gives the observation.
  func observe() throws -> Observation {
    let outcome = try run.outcome()
    var observation = Observation(
      ending: outcome.ending,
      messageText: (outcome.errors + (terminal?.read() ?? ""))
        .replacing(directory.path, with: "DIRECTORY").replacing("\r\n", with: "\n"))
    let report = try #require(contents(of: directory("report")))
    for line in report.split(separator: "\n") {
      let fields = line.split(separator: " ")
      switch fields[0] {
      case "call":
        let process = try #require(Int(fields[1]))
        observation.calls.append(Observation.Call(process: process, name: String(fields[2])))
      case "faults": observation.faults = try #require(Int(fields[1]))
      case "spins": observation.spins = true
      case "left": observation.remaining.append(String(fields[1]))
      case "bystander": observation.problems.append(String(line))
      default: break
      }
    }
    observation.problems += run.straySignals().map { "signal \($0) to the nest" }
    return observation
  }
}

/// The observed result of a trial.
struct Observation {
  struct Call: Hashable, Comparable {
    let process: Int
    let name: String

    static func < (one: Call, other: Call) -> Bool {
      (one.process, one.name) < (other.process, other.name)
    }
  }

  let ending: Ending
  /// Standard error, or what the terminal showed.
  let messageText: String
  /// The calls of swinit, and those of the child until it becomes the command, in their order.
  var calls: [Call] = []
  /// How many calls failed because of the fault.
  var faults = 0
  var spins = false
  /// The processes that were left behind.
  var remaining: [String] = []
  /// Signals to processes that are not swinit's descendants, and other problems.
  var problems: [String] = []

  /// swinit's messages, without what differs each time.
  var messages: Set<String> {
    Set(
      messageText.replacing(/\d+(\.\d+)? ?/, with: "N").split(separator: "\n").map(String.init)
        .filter { $0.hasPrefix("swinit: ") || $0.hasPrefix("{") })
  }

  /// Whether swinit reported an error or a warning.
  var isExplained: Bool {
    messageText.contains("swinit: ") || messageText.contains("\"level\":\"error\"")
  }
}
