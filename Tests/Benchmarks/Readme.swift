import Foundation

/// Where the numbers are written down: a part of README.md between two marks, and the pictures.
enum Readme {
  private static let begin = "<!-- The benchmarks write this: begin -->"
  private static let end = "<!-- The benchmarks write this: end -->"

  /// What decides; the table on the terminal has more.
  private static let rows: [Row.Name] = [
    .size, .resident, .startWall, .startProcessor, .instructions, .wakeUps, .signalMedian,
    .signalWorst, .groupMedian, .reapingProcessor(100_000), .shutdown(100), .shutdown(5_000),
  ]

  /// Replaces what was there.
  static func write(_ table: Table) throws {
    for theme in Picture.Theme.all {
      try write(Picture.svg(of: table, theme), to: ".github/benchmark-\(theme.name).svg")
    }
    let readme = contents(of: Programs.package.appendingPathComponent("README.md").path)
    guard let start = readme.range(of: begin), let stop = readme.range(of: end),
      start.upperBound < stop.lowerBound
    else { throw Failure("README.md has no place for the numbers") }
    let part = """

      \(table.markdown(rows))

      \(Machine.description)

      """
    try write(
      readme.replacingCharacters(in: start.upperBound..<stop.lowerBound, with: part),
      to: "README.md")
  }

  private static func write(_ text: String, to path: String) throws {
    let file = Programs.package.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
