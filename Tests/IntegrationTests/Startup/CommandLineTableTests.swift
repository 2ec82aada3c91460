import Foundation
import TestSupport
import Testing

@Suite("The table of command lines, with the binary", .mostlyWaits)
struct CommandLineTableTests {
  @Test("The binary answers each command line of the table with its status and its whole message")
  func answers() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = tests.appending(path: "../../Support/CommandLines.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    let calls = lines.filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
    #expect(calls.count * 2 == lines.count)
    // One shell runs them all. The function keeps a space of its own from the words.
    let script = calls.map { call in
      let words = call.replacing(#/(^| )swinit( |$)/#) { "\($0.1)\"$SWINIT\"\($0.2)" }
      return "message=$(env - PATH=/usr/bin:/bin \(words) 2>&1 </dev/null)\n"
        + "echo \"$?${message:+ }$message\"\n"
    }
    let run = try Run(
      ["sh", "-c", script.joined()],
      environment: ["PATH=\(searchPath)", "SWINIT=\(Swinit.path)"])
    let outcome = try run.outcome()
    let answers = outcome.output.split(separator: "\n").map(String.init)
    let expected = lines.filter { !$0.hasPrefix("$ ") }
    #expect(answers.count == expected.count)
    for ((answer, expected), call) in zip(zip(answers, expected), calls) {
      #expect(answer == expected, "\(call)")
    }
  }
}
