import TestSupport

/// README's comparison: a table of the differences, and a list of what all inits have in common.
/// It shows what the scenarios expect, which `ComparisonTests` compares with what is observed.
enum Comparison {
  /// The columns. That of tini covers tini-static as well, and names the differences.
  private static let inits: [Subject] = [.swinit, .tini, .dumbInit, .catatonit]

  /// Jobs on a terminal are also observed without an init, in a table of their own.
  static var lines: [String] {
    table(of: Area.allCases.filter { $0 != .jobs }, inits) + [""]
      + table(of: [.jobs], [.none] + inits)
  }

  private static func table(of areas: [Area], _ columns: [Subject]) -> [String] {
    let titles = columns.map { subject in
      "\(subject.rawValue)\(subject.release.map { " \($0.version)" } ?? "")"
    }
    var lines = ["| | \(titles.joined(separator: " | ")) |"]
    lines.append("|---|" + columns.map { _ in "---|" }.joined())
    var agreed: [String] = []
    for area in areas {
      var rows: [String] = []
      for scenario in area.scenarios {
        let cells = columns.map { text(scenario, $0) }
        if cells.allSatisfy({ $0 == cells[0] }) {
          agreed.append(scenario.title)
        } else {
          rows.append("| \(scenario.title) | \(cells.joined(separator: " | ")) |")
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
