package import Foundation
import Glibc
package import Testing

/// A command on a terminal of its own: the leader of a session that the terminal controls.
package final class Terminal {
  /// What runs there. Its output isn't the run's: the terminal shows it.
  package let run: Run
  private let terminal: PseudoTerminal
  /// The shell that runs there, if one does.
  package var shell = Shell.bash
  /// What was shown, and nobody has expected yet; and all that was.
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

  /// The process group that is the foreground.
  package var foreground: pid_t { terminal.foreground }

  /// Whether the kernel gives the input out by lines.
  package var isByLine: Bool { terminal.isByLine }

  /// Whether the kernel shows what is typed.
  package var echoes: Bool { terminal.echoes }

  /// Waits until this is shown after what was expected before. Lines end with `\r\n`.
  package func expect(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
    try wait(for: text, location) { take(text) }
  }

  /// Whether this comes to be shown after what was expected before: see `comes(below:within:_:)`.
  package func shows(_ text: String) -> Bool {
    comes(below: run.nest, within: 30) {
      readWhatIsThere()
      return take(text)
    }
  }

  /// What came before this, if it comes to be shown: see `comes(below:within:_:)`.
  package func textIfShown(before text: String) -> String? {
    var before: String?
    _ = comes(below: run.nest, within: Run.limit) {
      readWhatIsThere()
      guard let range = shown.range(of: text) else { return false }
      before = String(shown[..<range.lowerBound])
      shown.removeSubrange(..<range.upperBound)
      return true
    }
    return before
  }

  /// Waits until this is shown, and gives what came before it.
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

  /// Waits until a process group is the foreground, and its input comes by lines.
  package func expectForeground(
    _ group: pid_t, _ location: SourceLocation = #_sourceLocation
  ) throws {
    try wait(for: "group \(group) in the foreground", location) {
      // A key that comes before the group goes on would stop what is stopped, in vain.
      terminal.foreground == group && terminal.isByLine
        && !ProcessTable().entries.contains { $0.group == group && $0.state == "T" }
    }
  }

  /// How the command ended.
  package func ending(_ location: SourceLocation = #_sourceLocation) throws -> Ending {
    try run.ending(location)
  }

  /// Waits until a condition holds.
  package func wait(
    for what: String, _ location: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
  ) throws {
    let deadline = Date(timeIntervalSinceNow: Run.limit)
    while true {
      readWhatIsThere()
      if try condition() { return }
      if Date() > deadline {
        let comment: Comment = "waited in vain for \(what); the terminal shows: \(transcript)"
        Issue.record(comment, sourceLocation: location)
        throw WaitedInVain()
      }
      usleep(1000)
    }
  }

  private func readWhatIsThere() {
    let text = terminal.read()
    shown += text
    transcript += text
  }

  /// Whether this is shown; takes it, and what is before it.
  private func take(_ text: String) -> Bool {
    guard let range = shown.range(of: text) else { return false }
    shown.removeSubrange(..<range.upperBound)
    return true
  }
}
