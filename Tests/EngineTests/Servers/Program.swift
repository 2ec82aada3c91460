import Glibc
import TestSupport
import Testing

extension EngineTests {
  /// Problems that users had in containers without an init, reproduced with the same kind of
  /// server: once with the server as PID 1, and once under swinit.
  @Suite("Servers with and without swinit", .tags(.holdsWithoutSwinit))
  enum Servers {}
}

/// The process that is PID 1.
enum FirstProcess: String, CaseIterable, CustomTestStringConvertible {
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
  func start(_ firstProcess: FirstProcess, _ options: String...) throws -> Run {
    // PID 1 of a container leads a session and a group: some servers signal the whole of theirs.
    var arguments = Place.processOne.wrapper + ["setsid"]
    if firstProcess == .swinit { arguments += [Swinit.path] + options + ["--"] }
    let run = try Run(
      arguments + command,
      environment: ["PATH=\(searchPath)", "SWTEST=\(Workspace.token)"] + environment)
    run.keeps.append(directory)
    return run
  }
}

extension Run {
  /// The process ID, on this machine, of PID 1 in the namespace.
  func first() throws -> pid_t {
    try wait(for: "PID 1") {
      let table = ProcessTable()
      return table.children(of: nest).first.flatMap { table.children(of: $0.id).first?.id }
    }
  }

  /// The server's own process.
  func server(_ firstProcess: FirstProcess) throws -> pid_t {
    try firstProcess == .swinit ? command() : first()
  }

  /// Sends a signal to PID 1, as an engine does.
  func signalFirstProcess(_ signal: Int32) throws { try check(kill(first(), signal)) }

  /// Stops PID 1 as an engine stops a container: with SIGTERM, and with SIGKILL when the grace
  /// period is over. Gives the ending, or nil if SIGKILL was needed.
  func stop(within grace: Double) throws -> Ending? {
    try signalFirstProcess(SIGTERM)
    if let ending = ending(ifWithin: grace) { return ending }
    try signalFirstProcess(SIGKILL)
    _ = try ending()
    return nil
  }

  /// Waits until no zombie is left.
  func expectNoZombie(_ location: SourceLocation = #_sourceLocation) throws {
    try wait(until: "no zombie is left", location) {
      ProcessTable().zombies(below: nest).isEmpty
    }
  }

  /// Waits until there is a process of that name, and gives the one that is deepest in the tree.
  func process(named name: String) throws -> pid_t {
    try wait(for: "a process named \(name)") { processes(named: name).last }
  }

  func processes(named name: String) -> [pid_t] {
    ProcessTable().descendants(of: nest).filter { $0.name == name }.map(\.id)
  }

  /// Reads lines of output up to one that contains the text, and gives that line.
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

/// The ID of a process inside its own PID namespace.
func innerProcessID(of process: pid_t) -> String? {
  status(of: process, "NSpid")?.split(separator: "\t").last.map(String.init)
}
