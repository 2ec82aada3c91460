import Foundation
import Testing

@Suite("Display names of the tests")
struct DisplayNameTests {
  /// A test or suite as its source declares it.
  struct Declaration {
    let isSuite: Bool
    /// Its first argument, if that is a string.
    let name: String?
    /// The file and the line, as compilers write them.
    let place: String
  }

  private static let declarations = Result { try declarations(below: testsDirectory) }

  private static let testsDirectory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("Every test and every suite has a display name")
  func present() throws {
    let declarations = try Self.declarations.get()
    #expect(declarations.count > 600)
    #expect(declarations.filter { $0.name == nil }.map(\.place) == [])
  }

  @Test("No two tests or suites share a display name")
  func distinct() throws {
    let named = try Self.declarations.get().filter { $0.name != nil }
    let repeated = Dictionary(grouping: named) { $0.name ?? "" }.filter { $0.value.count > 1 }
    #expect(repeated.mapValues { $0.map(\.place) } == [:])
  }

  @Test("The display name of every test is a sentence that names its subject")
  func sentences() throws {
    let fragments = try Self.declarations.get().filter { !$0.isSuite }.compactMap { test in
      test.name.flatMap { Self.isSentence($0) ? nil : "\(test.place): \($0)" }
    }
    #expect(fragments == [])
  }

  @Test(
    "A fragment is no display name",
    arguments: [
      "", "Orphans", "all 65,536", "is told once", "are too few for names", "other lines don't",
      "It is reaped as well", "So is an orphan", "The command exits.",
    ])
  func fragments(name: String) {
    #expect(!Self.isSentence(name))
  }

  /// Whether a name begins as a sentence does, or with a program's name, and has room for a verb.
  static func isSentence(_ name: String) -> Bool {
    let words = name.split(separator: " ")
    guard words.count >= 4, let first = words.first, name.last != "." else { return false }
    let programs: Set<Substring> = [
      "swinit", "docker", "podman", "nginx", "bg", "dpkg", "rpm", "pip", "lintian", "rpmlint",
    ]
    let pronouns: Set<Substring> = ["It", "They", "So", "This", "Other", "Also"]
    return (programs.contains(first.prefix { $0 != "'" }) || first.first?.isLowercase == false)
      && !pronouns.contains(first)
  }

  private static func declarations(below directory: URL) throws -> [Declaration] {
    let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
    return try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
      .flatMap { file in
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.matches(of: attribute).map { match in
          let line = text[..<match.range.lowerBound].count { $0 == "\n" } + 1
          return Declaration(
            isSuite: match.output.1 == "Suite", name: match.output.2.map(String.init),
            place: "\(file.path.dropFirst(directory.path.count + 1)):\(line)")
        }
      }
  }

  /// A macro at the start of a line, and its first argument if that is a string literal.
  private static var attribute: Regex<(Substring, Substring, Substring?)> {
    /(?m)^[ \t]*@(Test|Suite)\b(?:\(\s*"((?:[^"\\]|\\.)*)")?/
  }
}
