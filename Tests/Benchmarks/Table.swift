/// All measurements.
struct Table {
  let contestants: [Contestant]
  private(set) var rows: [Row] = []

  init(contestants: [Contestant]) { self.contestants = contestants }

  /// Adds a row, whose values may be differences to a base.
  mutating func add(
    _ name: Row.Name, _ values: [Contestant: Double], over base: Double? = nil,
    notes: [Contestant: String] = [:], quartiles: [Contestant: ClosedRange<Double>] = [:]
  ) {
    rows.append(
      Row(name: name, values: values, base: base, notes: notes, quartiles: quartiles))
  }

  subscript(name: Row.Name) -> Row? { rows.first { $0.name == name } }

  /// The table for a terminal.
  var text: String {
    let lines = cells(of: rows.map(\.name))
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n") + "\n"
  }

  /// Some of the rows, in Markdown.
  func markdown(_ names: [Row.Name]) -> String {
    var lines = cells(of: names).map { "| " + $0.joined(separator: " | ") + " |" }
    lines.insert("|---|" + String(repeating: "---:|", count: contestants.count + 3), at: 1)
    return lines.joined(separator: "\n")
  }

  /// A line of titles, and a line for each row.
  private func cells(of names: [Row.Name]) -> [[String]] {
    let titles =
      [""] + contestants.map(\.name)
      + ["swinit to the best peer", "swinit to bare C", "best peer to its bare C"]
    return [titles]
      + names.compactMap { self[$0] }.map { row in
        let base = row.base.map { " (\($0.written(digits: row.name.digits)))" } ?? ""
        let values = contestants.map { contestant in
          row.values[contestant].map {
            $0.written(digits: row.name.digits) + (row.notes[contestant] ?? "")
              + (row.quartiles[contestant].map {
                " (\($0.lowerBound.written(digits: row.name.digits)) to "
                  + "\($0.upperBound.written(digits: row.name.digits)))"
              } ?? "")
          } ?? ""
        }
        let ratios = [
          row.ratioToBestPeer, row.ratioToFloor, row.bestRatioOfPeerToFloor,
        ].map { ratio in
          ratio.map { $0.written(digits: 2) } ?? ""
        }
        return [row.name.title + base] + values + ratios
      }
  }
}
