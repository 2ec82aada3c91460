import Foundation
import Pages

/// A bar chart of the most important numbers, as SVG, for light pages and for dark ones. Programs that
/// are built alike stand together: only these can be compared by what their authors wrote.
enum Chart {
  /// A group of bars, as `chart.py` reads it.
  private struct Panel: Encodable {
    let title: String
    let bars: [Bar]
  }

  private struct Bar: Encodable {
    let name: String
    let value: Double
    let text: String
    let group: String
    let role: String
  }

  /// Draws the charts into a directory, with matplotlib: `.ci/run benchmarks` installs it.
  static func draw(_ table: Table, into directory: String) throws {
    let input = Programs.directory.appending(path: "chart.json")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(panels(of: table)).write(to: input)
    let python = packageDirectory.appending(path: ".build-python/bin/python").path
    let script = packageDirectory.appending(path: "Tests/Benchmarks/chart.py").path
    try Programs.run([
      "sh", "-c", "exec \"$1\" \"$2\" \"$3\" <\"$4\"", "sh", python, script, directory, input.path,
    ])
  }

  private static func panels(of table: Table) -> [Panel] {
    let all: [(Row.Name, String, (Double) -> String)] = [
      (.size, "File", { "\(($0 / 1024).written(digits: 0)) KiB" }),
      (.own, "Private memory while idle", { "\($0.written(digits: 0)) KiB" }),
      (.startWall, "Added to the start of COMMAND", { "\($0.written(digits: 0)) µs" }),
    ]
    return all.compactMap { name, title, text in
      table[name].map { row in
        Panel(title: title, bars: table.contestants.compactMap { bar(for: $0, in: row, text) })
      }
    }
  }

  private static func bar(
    for contestant: Contestant, in row: Row, _ text: (Double) -> String
  ) -> Bar? {
    row.values[contestant].map {
      Bar(
        name: contestant.role == .floor ? "bare C" : contestant.name, value: $0,
        text: text($0) + (row.notes[contestant] ?? ""), group: contestant.build.rawValue,
        role: "\(contestant.role)")
    }
  }
}
