import Foundation
package import Pages
package import Testing

extension ReadmePart {
  /// Expects these lines in README; with `WRITE_README=1` in the environment, writes them.
  package func expect(
    _ expected: [String], _ location: SourceLocation = #_sourceLocation
  ) throws {
    if ProcessInfo.processInfo.environment["WRITE_README"] == "1" { return try write(expected) }
    let actual = try lines()
    #expect(actual == expected, sourceLocation: location)
  }
}
