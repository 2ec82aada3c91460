package import Foundation

/// The directory of this package.
package let packageDirectory = URL(filePath: #filePath).appending(path: "../../../..")
  .standardizedFileURL

/// A generated part of README: the lines between `<!-- NAME -->` and `<!-- end of NAME -->`.
package struct ReadmePart {
  private let name: String
  private let url = packageDirectory.appending(path: "README.md")

  package init(_ name: String) { self.name = name }

  package func lines() throws -> [String] {
    let (all, part) = try find()
    return Array(all[part])
  }

  package func write(_ lines: [String]) throws {
    var (all, part) = try find()
    all.replaceSubrange(part, with: lines)
    try all.joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
  }

  private func find() throws -> (all: [String], part: Range<Int>) {
    let all = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
    guard let first = all.firstIndex(of: "<!-- \(name) -->"),
      let last = all.firstIndex(of: "<!-- end of \(name) -->"), first < last
    else { throw IsMissing(name: name) }
    return (all, first + 1..<last)
  }

  private struct IsMissing: Error, CustomStringConvertible {
    let name: String

    var description: String { "README.md has no part '\(name)'" }
  }
}
