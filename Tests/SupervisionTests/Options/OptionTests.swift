import Foundation
import Testing

@testable import Supervision

@Suite("The option table")
struct OptionTests {
  private let rows = Array(Option.rows)

  @Test("No two options share a letter, a name or an environment variable")
  func distinct() {
    let letters = rows.map(\.letter).filter { $0 != 0 }
    let names = rows.map(\.option.name.string)
    let variables = rows.flatMap(\.variables).map { String($0.prefix { $0 != "=" }) }
    for words in [letters.map { String($0) }, names, variables] {
      #expect(!words.isEmpty)
      #expect(Set(words).count == words.count)
    }
  }

  @Test("Each option is found by its letter and by its name, and by nothing else")
  func lookup() {
    for row in rows {
      let name = row.option.name
      #expect(Option.named(name)?.name.string == name.string)
      #expect(Option.named(name.prefix(name.count - 1)) == nil)
      if row.letter != 0 {
        #expect(Option.named(letter: row.letter)?.name.string == name.string)
      }
    }
    let letters = UInt8.min...UInt8.max
    let found = letters.filter { Option.named(letter: $0) != nil }
    #expect(Set(found) == Set(rows.map(\.letter).filter { $0 != 0 }))
    #expect(Option.named("") == nil)
  }

  @Test("The help shows a placeholder for exactly those options that take a value")
  func placeholders() {
    for row in rows {
      #expect(row.option.value.placeholder.isEmpty != row.option.value.takesValue)
    }
  }

  @Test("README's table lists every option with its variables, in the order of the help")
  func readme() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = tests.appending(path: "../../../README.md")
    let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    let table = lines.drop { $0 != "| option | environment | meaning |" }.dropFirst(2)
      .prefix { $0.hasPrefix("|") }
    let listed = table.map { line in
      let cells = line.replacingOccurrences(of: "\\|", with: "¦").components(separatedBy: "|")
      return cells.dropFirst().prefix(2).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(listed == expectedTable)
  }

  /// The first two cells of each row of README's table, with `¦` for an escaped `|`. Options that
  /// share their help share a row, by their letters.
  private var expectedTable: [[String]] {
    var table: [[String]] = []
    var sharing: [String] = []
    for row in rows {
      let letter = row.letter == 0 ? [] : ["-\(Character(Unicode.Scalar(row.letter)))"]
      sharing += letter
      if row.help.text.isEmpty { continue }
      let name = row.option.name.string + row.option.value.placeholder.string
      let names = sharing.count > 1 ? sharing : letter + [name]
      table.append(
        [names, row.variables].map { words in
          words.map { "`\($0)`" }.joined(separator: ", ").replacing("|", with: "¦")
        })
      sharing = []
    }
    return table
  }
}

extension Option.Row {
  /// All environment variables that set the option, as README writes them.
  fileprivate var variables: [String] {
    [variable, tini, dumbInit].compactMap { $0?.text.string }
  }
}
