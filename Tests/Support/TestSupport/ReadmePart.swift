import Foundation
package import Testing

/// A generated part of README: the lines between `<!-- NAME -->` and
/// `<!-- end of NAME -->`.
package struct ReadmePart {
  private let name: String

  package init(_ name: String) { self.name = name }

  private static let url = URL(filePath: #filePath).appending(path: "../../../../README.md")
    .standardizedFileURL

  /// Expects these lines in README; with `WRITE_README=1` in the environment, writes them.
  package func expect(
    _ lines: [String], _ location: SourceLocation = #_sourceLocation
  ) throws {
    var all = try String(contentsOf: Self.url, encoding: .utf8).components(separatedBy: "\n")
    let first = try #require(all.firstIndex(of: "<!-- \(name) -->"))
    let last = try #require(all.firstIndex(of: "<!-- end of \(name) -->"))
    if ProcessInfo.processInfo.environment["WRITE_README"] == "1" {
      all.replaceSubrange(first + 1..<last, with: lines)
      try all.joined(separator: "\n").write(to: Self.url, atomically: true, encoding: .utf8)
    } else {
      let actual = Array(all[first + 1..<last])
      #expect(actual == lines, sourceLocation: location)
    }
  }
}
