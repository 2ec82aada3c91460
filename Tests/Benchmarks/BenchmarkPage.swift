import Foundation
import Pages

/// The part of BENCHMARKS.md with the numbers, and README's charts.
enum BenchmarkPage {
  private static let part = PagePart("benchmarks", of: ".github/BENCHMARKS.md")

  /// The most important rows; the table on the terminal has more.
  private static let rows: [Row.Name] = [
    .size, .resident, .own, .startWall, .startProcessor, .instructions, .wakeUps, .signalMedian,
    .signalWorst, .groupMedian, .reapingProcessor(100_000), .shutdown(100), .shutdown(5_000),
    .ownOfAll(1_000), .lastStart(1_000), .wakeUpsOfAll(1_000),
  ]

  /// Fails if the page has no place for the numbers.
  static func check() throws { _ = try part.lines() }

  /// Replaces the previous content.
  static func write(_ table: Table) throws {
    try Chart.draw(table, into: packageDirectory.appending(path: ".github").path)
    try part.write(
      table.markdown(rows).components(separatedBy: "\n") + ["", "\(Machine.description)."])
  }
}
