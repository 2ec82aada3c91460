import Glibc
import TestSupport
import Testing

extension EngineTests {
  /// What happened to people whose containers had no init, told by the same kind of server: once
  /// as PID 1 itself, and once under swinit.
  @Suite(.needs(Need.always), .tags(.holdsWithoutSwinit)) enum Servers {}
}

/// Who is PID 1.
enum PIDOne: String, CaseIterable, CustomTestStringConvertible {
  case itself = "the server itself"
  case swinit

  var testDescription: String { rawValue }
}

/// A server, the directory that its files are in, and the environment that it needs.
struct Program {
  let command: [String]
  let directory: TemporaryDirectory
  var environment: [String] = []

  /// Starts the server in a PID namespace, by itself or under swinit with these options.
  func start(_ pidOne: PIDOne, _ options: String...) throws -> Run {
    // PID 1 of a container leads a session and a group: some servers signal the whole of theirs.
    var words = Place.processOne.wrapper + ["setsid"]
    if pidOne == .swinit { words += [Swinit.path] + options + ["--"] }
    let run = try Run(
      words + command,
      environment: ["PATH=\(searchPath)", "SWTEST=\(Workspace.token)"] + environment)
    run.keeps.append(directory)
    return run
  }
}

extension Run {
  /// PID 1 of the namespace, whoever that is, as this machine numbers it.
  func first() throws -> pid_t {
    try wait(for: "PID 1") {
      let table = ProcessTable()
      return table.children(of: nest).first.flatMap { table.children(of: $0.id).first?.id }
    }
  }

  /// The server's own process.
  func server(_ pidOne: PIDOne) throws -> pid_t {
    try pidOne == .swinit ? command() : first()
  }

  /// Sends a signal to PID 1, as an engine does.
  func tell(_ signal: Int32) throws { try check(kill(first(), signal)) }

  /// What an engine does to stop a container: TERM, and KILL when the grace period is over. Gives
  /// how it ended, nil if by that KILL.
  func stop(within grace: Double) throws -> Ending? {
    try tell(SIGTERM)
    if let ending = ending(ifWithin: grace) { return ending }
    try tell(SIGKILL)
    _ = try ending()
    return nil
  }

  /// Nobody stays a zombie.
  func expectNoZombie(_ location: SourceLocation = #_sourceLocation) throws {
    try wait(until: "no zombie is left", location) {
      ProcessTable().zombies(below: nest).isEmpty
    }
  }

  /// Waits until there is a process of that name, and gives the one that is farthest down.
  func process(named name: String) throws -> pid_t {
    try wait(for: "a process named \(name)") { processes(named: name).last }
  }

  func processes(named name: String) -> [pid_t] {
    ProcessTable().descendants(of: nest).filter { $0.name == name }.map(\.id)
  }

  /// Reads lines of output up to one that has this in it, and gives that one.
  @discardableResult
  func line(with text: String) throws -> String {
    while true {
      let line = try line()
      if line.contains(text) { return line }
    }
  }

  /// The same for standard error.
  @discardableResult
  func errorLine(with text: String) throws -> String {
    while true {
      let line = try errorLine()
      if line.contains(text) { return line }
    }
  }
}

/// The number that a process has inside of its namespace.
func innerNumber(of process: pid_t) -> String? {
  status(of: process, "NSpid")?.split(separator: "\t").last.map(String.init)
}
