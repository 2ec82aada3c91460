import Foundation
import TestSupport
import Testing

/// README's comparison: a table of the differences, and a list of what all inits have in common.
struct Comparison {
  static let needs: [Need] =
    [.root, .namespaces, .program("strace")] + Subject.allCases.flatMap(\.needs)

  /// The columns. That of tini covers tini-static as well, and names the differences.
  private static let inits: [Subject] = [.swinit, .tini, .dumbInit, .catatonit]

  /// The text of every cell.
  private let observed: [Cell: String]

  /// Observes everything that has not been observed yet.
  init() async throws {
    observed = try await withThrowingTaskGroup(of: (Cell, String).self) { group in
      for cell in Cell.all {
        group.addTask {
          let isThere = cell.needs.allSatisfy(\.isMet)
          // Where the test runs, only rows that other builds of swinit cannot fulfil are missing.
          guard isThere else { return (cell, cell.expected) }
          return (cell, try await Observations.shared.observe(cell))
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  /// Jobs on a terminal are also observed without an init, in a table of their own.
  var lines: [String] {
    table(of: Area.allCases.filter { $0 != .jobs }, Comparison.inits) + [""]
      + table(of: [.jobs], [.none] + Comparison.inits)
  }

  private func table(of areas: [Area], _ columns: [Subject]) -> [String] {
    let titles = columns.map { subject in
      "\(subject.rawValue)\(Subject.versions[subject].map { " \($0)" } ?? "")"
    }
    var lines = ["| | \(titles.joined(separator: " | ")) |"]
    lines.append("|---|" + columns.map { _ in "---|" }.joined())
    var agreed: [String] = []
    var index = 0
    for area in Area.allCases {
      var rows: [String] = []
      for scenario in area.scenarios {
        defer { index += 1 }
        guard areas.contains(area) else { continue }
        let cells = columns.map { text(index, $0) }
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

  private func text(_ index: Int, _ subject: Subject) -> String {
    let own = text(of: subject, index)
    let other = subject == .tini ? text(of: .tiniStatic, index) : own
    return own == other ? own : "\(own); tini-static: \(other)"
  }

  private func text(of subject: Subject, _ index: Int) -> String {
    let (processOne, plain) = (
      observed[Cell(index: index, subject: subject, place: .processOne)],
      observed[Cell(index: index, subject: subject, place: .plain)]
    )
    guard let processOne, let plain, processOne != plain else { return processOne ?? plain ?? "" }
    return "\(processOne) as PID 1, \(plain) otherwise"
  }
}
