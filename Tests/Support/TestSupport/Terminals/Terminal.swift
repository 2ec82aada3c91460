package import Foundation
import Glibc
package import Testing

/// A command on a new terminal, as the leader of the session that it controls.
package final class Terminal {
  /// The run of the command. Its output appears on the terminal instead of in the run.
  package let run: Run
  private let terminal: PseudoTerminal
  /// The shell, if the command is one.
  package var shell = Shell.bash
  /// The output that no call has taken yet, and the whole output.
  private var shown = ""
  private var transcript = ""

  package init(
    _ command: [String], of program: String = Swinit.path, at place: Place = .plain,
    environment: [String] = ["PATH=\(searchPath)", "TERM=dumb"]
  ) throws {
    let terminal = try PseudoTerminal()
    let words = place.wrapper + [probe, "on-terminal", terminal.path] + command
    self.terminal = terminal
    run = try Run(words, of: program, environment: environment)
  }

  package func type(_ text: String) throws { try terminal.type(text) }

  package func resize(rows: UInt16, columns: UInt16) throws {
    try terminal.resize(rows: rows, columns: columns)
  }

  /// The foreground process group.
  package var foreground: pid_t { terminal.foreground }

  /// Whether the terminal is in canonical mode.
  package var isByLine: Bool { terminal.isByLine }

  /// Whether the terminal echoes input.
  package var echoes: Bool { terminal.echoes }

  /// Waits until the terminal shows this after the previously expected text. Lines end with `\r\n`.
  package func expect(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
    try wait(for: text, location) { take(text) }
  }

  /// Whether the terminal shows this after the previously expected text: see
  /// `comes(below:within:_:)`.
  package func shows(_ text: String) -> Bool {
    comes(below: run.nest, within: 30) {
      readAvailable()
      return take(text)
    }
  }

  /// Whether `make` shows, before the shell prompts again, that SIGINT has ended it. Its handler may
  /// reap the child that it waits for: it then says so, and does not name the signal.
  package func showsInterruptedMake() -> Bool {
    let text = textIfShown(before: "PROMPT> ") ?? ""
    return text.contains("Interrupt\r\n") || text.contains("*** wait: No child processes")
  }

  /// The output before this text; nil if it is not shown: see `comes(below:within:_:)`.
  package func textIfShown(before text: String) -> String? {
    var before: String?
    _ = comes(below: run.nest, within: Run.limit) {
      readAvailable()
      guard let range = shown.range(of: text) else { return false }
      before = String(shown[..<range.lowerBound])
      shown.removeSubrange(..<range.upperBound)
      return true
    }
    return before
  }

  /// Waits until the terminal shows this, and gives the output before it.
  package func text(
    before text: String, _ location: SourceLocation = #_sourceLocation
  ) throws -> String {
    var before = ""
    try wait(for: text, location) {
      guard let range = shown.range(of: text) else { return false }
      before = String(shown[..<range.lowerBound])
      shown.removeSubrange(..<range.upperBound)
      return true
    }
    return before
  }

  /// Waits until a process group is in the foreground and the terminal is in canonical mode.
  package func expectForeground(
    _ group: pid_t, _ location: SourceLocation = #_sourceLocation
  ) throws {
    try wait(for: "group \(group) in the foreground", location) {
      // A ^Z typed before the group has been continued would have no effect.
      terminal.foreground == group && terminal.isByLine
        && !ProcessTable().entries.contains { $0.group == group && $0.state == "T" }
    }
  }

  /// Waits until the command terminates, and gives its ending.
  package func ending(_ location: SourceLocation = #_sourceLocation) throws -> Ending {
    try run.ending(location)
  }

  /// Waits until a condition is true.
  package func wait(
    for what: String, _ location: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
  ) throws {
    let deadline = ContinuousClock.now + .seconds(Run.limit)
    while true {
      readAvailable()
      if try condition() { return }
      if ContinuousClock.now > deadline {
        let processes = ProcessTable().descendants(of: run.nest).map {
          "\($0.id) \($0.name) \($0.state) parent \($0.parent) group \($0.group)"
            + " in \(contents(of: "/proc/\($0.id)/wchan") ?? "?")"
        }
        let comment: Comment = """
          timed out waiting for \(what); foreground \(foreground); \
          \(processes.joined(separator: ", ")); the terminal shows: \(transcript)
          """
        Issue.record(comment, sourceLocation: location)
        throw TimedOut()
      }
      usleep(1000)
    }
  }

  private func readAvailable() {
    let text = terminal.read()
    shown += text
    transcript += text
  }

  /// Whether the output contains this text; removes it and the output before it.
  private func take(_ text: String) -> Bool {
    guard let range = shown.range(of: text) else { return false }
    shown.removeSubrange(..<range.upperBound)
    return true
  }
}
