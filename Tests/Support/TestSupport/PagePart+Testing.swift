import Foundation
package import Pages
package import Testing

extension PagePart {
  /// Expects these lines in the page; with `WRITE_PAGES=1` in the environment, writes them.
  package func expect(
    _ expected: [String], _ location: SourceLocation = #_sourceLocation
  ) throws {
    if ProcessInfo.processInfo.environment["WRITE_PAGES"] == "1" { return try write(expected) }
    let actual = try lines()
    #expect(actual == expected, sourceLocation: location)
  }
}
