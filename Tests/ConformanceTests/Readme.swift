import Foundation
import TestSupport
import Testing

/// The parts of README that are made here.
enum Readme: String {
  case comparison
  case translation

  static let needs: [Need] =
    [.root, .namespaces, .program("strace")] + Subject.allCases.flatMap(\.needs)

  private static let url = URL(filePath: #filePath).appending(path: "../../../README.md")
    .standardizedFileURL
  /// What stands there.
  var lines: [String] {
    get throws {
      let (all, range) = try read()
      return Array(all[range])
    }
  }

  func write(_ lines: [String]) throws {
    var (all, range) = try read()
    all.replaceSubrange(range, with: lines)
    try all.joined(separator: "\n").write(to: Readme.url, atomically: true, encoding: .utf8)
  }

  /// All lines, and which are ours.
  private func read() throws -> ([String], Range<Int>) {
    let all = try String(contentsOf: Readme.url, encoding: .utf8).components(separatedBy: "\n")
    let first = try #require(all.firstIndex(of: "<!-- \(rawValue) -->"))
    let last = try #require(all.firstIndex(of: "<!-- end of \(rawValue) -->"))
    return (all, first + 1..<last)
  }
}
