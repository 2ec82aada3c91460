package import Foundation

/// The directory of this package.
package let packageDirectory = URL(filePath: #filePath).appending(path: "../../../..")
  .standardizedFileURL

/// A generated part of a page: the lines between `<!-- NAME -->` and `<!-- end of NAME -->`.
package struct PagePart {
  private let name: String
  private let page: String
  private var url: URL { packageDirectory.appending(path: page) }

  /// A part of a page that is given by its path in the package.
  package init(_ name: String, of page: String) {
    self.name = name
    self.page = page
  }

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
    else { throw IsMissing(name: name, page: page) }
    return (all, first + 1..<last)
  }

  private struct IsMissing: Error, CustomStringConvertible {
    let name: String
    let page: String

    var description: String { "\(page) has no part '\(name)'" }
  }
}
