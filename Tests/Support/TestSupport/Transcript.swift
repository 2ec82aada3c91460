package import Testing

/// The output of a script in a virtual machine. Its sections begin with a line `== NAME`.
package struct Transcript: Sendable {
  private let lines: [String]

  package init(_ text: String) { lines = text.split(separator: "\n").map(String.init) }

  /// The lines of a section.
  package func section(
    _ name: String, _ location: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    let start = try #require(
      lines.firstIndex(of: "== \(name)"), "\(lines)", sourceLocation: location)
    return Array(lines[(start + 1)...].prefix { !$0.hasPrefix("== ") })
  }
}
