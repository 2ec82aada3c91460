import Foundation

/// The part of README.md between two marks that contains the numbers, and the charts.
enum Readme {
  private static let begin = "<!-- benchmarks -->\n"
  private static let end = "<!-- end of benchmarks -->"

  /// The most important rows; the table on the terminal has more.
  private static let rows: [Row.Name] = [
    .size, .resident, .startWall, .startProcessor, .instructions, .wakeUps, .signalMedian,
    .signalWorst, .groupMedian, .reapingProcessor(100_000), .shutdown(100), .shutdown(5_000),
  ]

  /// Replaces the previous content.
  static func write(_ table: Table) throws {
    let (readme, place) = try read()
    for theme in Picture.Theme.all {
      try write(Picture.svg(of: table, theme), to: ".github/benchmark-\(theme.name).svg")
    }
    let part = "\(table.markdown(rows))\n\n\(Machine.description).\n"
    try write(readme.replacingCharacters(in: place, with: part), to: "README.md")
  }

  /// The text of README.md, and the range of the numbers in it.
  static func read() throws -> (String, Range<String.Index>) {
    let readme = contents(of: Programs.package.appendingPathComponent("README.md").path)
    guard let start = readme.range(of: begin)?.upperBound,
      let stop = readme.range(of: end)?.lowerBound, start <= stop
    else { throw Failure("README.md has no place for the numbers") }
    return (readme, start..<stop)
  }

  private static func write(_ text: String, to path: String) throws {
    let file = Programs.package.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
