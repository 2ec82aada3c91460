import Foundation
import Supervision
import Testing

@Suite("The table of command lines")
struct CommandLineTableTests {
  /// A command line, and what is answered.
  struct Row: CustomTestStringConvertible {
    let words: [String]
    let variables: [String]
    /// The message of a usage error; nil if the command line is accepted.
    let refusal: String?
    let testDescription: String

    /// The rows of the table. Words are separated by spaces; apostrophes keep them together.
    static func all() throws -> [Row] {
      let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      let file = tests.appending(path: "../../Support/CommandLines.txt")
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        .filter { !$0.hasPrefix("#") }
      return stride(from: 0, to: lines.count - 1, by: 2).map { Row(lines[$0], lines[$0 + 1]) }
    }

    private init(_ call: Substring, _ answer: Substring) {
      var parts = [""]
      var isQuoted = false
      for character in call.dropFirst(2) {
        switch character {
        case "'": isQuoted.toggle()
        case " " where !isQuoted: parts.append("")
        default: parts[parts.count - 1].append(character)
        }
      }
      variables = Array(parts.prefix { $0 != "swinit" })
      words = Array(parts.dropFirst(variables.count + 1))
      refusal = answer.hasPrefix("125 ") ? String(answer.dropFirst(4)) : nil
      testDescription = String(call)
    }
  }

  @Test("Each command line is accepted, or refused with the whole message that the table has")
  func refusals() throws {
    let rows = try Row.all()
    #expect(rows.count >= 150)
    #expect(Set(rows.map(\.testDescription)).count == rows.count)
    for row in rows {
      let invocation = call(words: row.words, variables: row.variables)
      switch invocation.purpose {
      case .refuse: #expect(try invocation.refusal == row.refusal.map { $0 + "\n" }, "\(row)")
      default: #expect(row.refusal == nil, "\(row)")
      }
    }
  }
}
