import Foundation
import Glibc
import TestSupport
import Testing

/// A system call of swinit's that fails.
struct Fault: CustomStringConvertible {
  /// 0 for swinit itself, 1 for the child that is to be COMMAND, 2 for the next.
  let process: Int
  let call: String
  /// Which of the calls of that name, from 1 on.
  let number: Int
  let error: Int32
  /// How many of them, from that one on.
  var count = 1

  var description: String {
    let whose = process == 0 ? "swinit" : "child \(process)"
    let reason = unsafe String(cString: strerror(error))
    return "\(call) \(number)\(count > 1 ? " and all after it" : "") of \(whose): \(reason)"
  }

  /// As the probe's `with-fault` takes it.
  var word: String { "\(process):\(call):\(number):\(error):\(count)" }
}

/// A scenario that is lived through with a fault, or none.
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
    let faulty = [directory("report"), fault?.word ?? "none", Swinit.path]
    let words =
      switch place {
      // So there are few other processes, and the same each time.
      case .plain:
        Place.processOne.wrapper + onTerminal + [probe, "with-fault"] + faulty
          + (scenario.isOnTerminal ? [probe, "resuming"] : []) + scenario.birth + swinit
      case .processOne:
        [probe, "with-fault", "--pid1"] + faulty + onTerminal + scenario.birth + swinit
      }
    run = try Run(words)
  }

  /// Waits for the end; gives what could be observed.
  func observe() throws -> Observation {
    let outcome = try run.outcome()
    var observation = Observation(
      ending: outcome.ending,
      said: (outcome.errors + (terminal?.read() ?? ""))
        .replacing(directory.path, with: "DIRECTORY").replacing("\r\n", with: "\n"))
    let report = try #require(contents(of: directory("report")))
    for line in report.split(separator: "\n") {
      let words = line.split(separator: " ")
      switch words[0] {
      case "call":
        let process = try #require(Int(words[1]))
        observation.calls.append(Observation.Call(process: process, name: String(words[2])))
      case "faults": observation.faults = try #require(Int(words[1]))
      case "spins": observation.spins = true
      case "left": observation.left.append(String(words[1]))
      case "bystander": observation.complaints.append(String(line))
      default: break
      }
    }
    observation.complaints += run.straySignals().map { "signal \($0) to the nest" }
    return observation
  }
}

/// What a trial came to.
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
  let said: String
  /// The calls of swinit, and those of the child until it is COMMAND, in their order.
  var calls: [Call] = []
  /// How many calls failed that wouldn't have.
  var faults = 0
  var spins = false
  /// Who was left behind.
  var left: [String] = []
  /// Who was signalled, and is none of swinit's business.
  var complaints: [String] = []

  /// What swinit said, without what differs each time.
  var words: Set<String> {
    Set(
      said.replacing(/\d+(\.\d+)? ?/, with: "N").split(separator: "\n").map(String.init)
        .filter { $0.hasPrefix("swinit: ") || $0.hasPrefix("{") })
  }

  /// What of it is swinit's.
  var isExplained: Bool { said.contains("swinit: ") || said.contains("\"level\":\"error\"") }
}
