import TestSupport

/// The comparison: a table of the differences, a list of what all inits have in common, and the dozen rows
/// that README shows.
/// It shows what the scenarios expect, which `ComparisonTests` compares with what is observed.
enum Comparison {
  /// The columns. That of tini covers tini-static as well, and names the differences.
  private static let inits: [Subject] = [.swinit, .tini, .dumbInit, .catatonit]

  /// Jobs on a terminal are also observed without an init, in a table of their own.
  static var lines: [String] {
    table(of: Area.allCases.filter { $0 != .jobs }, inits) + [""]
      + table(of: [.jobs], [.none] + inits)
  }

  /// The rows that README shows.
  static let titlesOfHighlights = [
    "forwards a TERM that arrives before COMMAND's process group exists",
    "rewrites a signal, given by its name",
    "terminates a stopped COMMAND",
    "signals the remaining descendants and waits for them",
    "kills remaining descendants that don't exit, daemons included",
    "reaps orphans when it isn't PID 1",
    "names the missing interpreter",
    "`INIT sh -c …` works without `--`",
    "^Z stops COMMAND, `fg` resumes it",
    "`INIT COMMAND &` leaves the terminal to the shell",
    "reports an out-of-memory kill of an orphan",
    "approximate size on x86-64",
  ]

  /// README's table.
  static var highlights: [String] {
    header(inits)
      + titlesOfHighlights.compactMap { title in
        Scenario.all.first { $0.title == title }.map { row($0, inits) }
      }
  }

  private static func header(_ columns: [Subject]) -> [String] {
    let titles = columns.map { subject in
      "\(subject.rawValue)\(subject.release.map { " \($0.version)" } ?? "")"
    }
    return [
      "| | \(titles.joined(separator: " | ")) |", "|---|" + columns.map { _ in "---|" }.joined(),
    ]
  }

  private static func row(_ scenario: Scenario, _ columns: [Subject]) -> String {
    "| \(scenario.title) | \(columns.map { text(scenario, $0) }.joined(separator: " | ")) |"
  }

  private static func table(of areas: [Area], _ columns: [Subject]) -> [String] {
    var lines = header(columns)
    var agreed: [String] = []
    for area in areas {
      var rows: [String] = []
      for scenario in area.scenarios {
        let cells = columns.map { text(scenario, $0) }
        if cells.allSatisfy({ $0 == cells[0] }) {
          agreed.append(scenario.title)
        } else {
          rows.append(row(scenario, columns))
        }
      }
      let blanks = columns.map { _ in " |" }.joined()
      if !rows.isEmpty { lines += ["| **\(area.rawValue)** |\(blanks)"] + rows }
    }
    return lines + ["", "The same for all: \(agreed.joined(separator: "; "))."]
  }

  private static func text(_ scenario: Scenario, _ subject: Subject) -> String {
    let own = text(of: subject, scenario)
    let other = subject == .tini ? text(of: .tiniStatic, scenario) : own
    return own == other ? own : "\(own); tini-static: \(other)"
  }

  private static func text(of subject: Subject, _ scenario: Scenario) -> String {
    guard scenario.subjects.contains(subject) else { return "" }
    let expected = scenario.expectation(of: subject)
    guard scenario.places.count == 2, expected.processOne != expected.plain else {
      return expected.at(scenario.places[0])
    }
    return "\(expected.processOne) as PID 1, \(expected.plain) otherwise"
  }
}
