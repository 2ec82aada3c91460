import Foundation
import Testing

/// The corpus has one input on each line, where `\\x1b` is a byte. `.ci/fuzz` finds more inputs.
@Suite("Inputs from a fuzzer")
struct FuzzingTests {
  private static func corpus(of subject: Subject) throws -> [[UInt8]] {
    var tests = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { tests.deleteLastPathComponent() }
    let file = tests.appending(path: "Support/Fuzzing/Corpus/\(subject).txt")
    return try String(contentsOf: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(unescaped)
  }

  private static func unescaped(_ line: Substring) -> [UInt8] {
    let parts = line.components(separatedBy: "\\x")
    return parts.dropFirst().reduce(into: Array(parts[0].utf8)) { bytes, part in
      bytes += [UInt8(part.prefix(2), radix: 16) ?? 0] + Array(part.dropFirst(2).utf8)
    }
  }

  @Test("Every input of the fuzzing corpus gives the right result", arguments: Subject.allCases)
  func corpus(subject: Subject) throws {
    let inputs = try FuzzingTests.corpus(of: subject)
    #expect(inputs.count > 10)
    for input in inputs { check(subject, input) }
  }

  @Test("Random changes of the fuzzing corpus give the right result", arguments: Subject.allCases)
  func changes(subject: Subject) throws {
    var random = SplitMix64(seed: 1)
    for input in try FuzzingTests.corpus(of: subject) {
      check(subject, FuzzingTests.changed(input, using: &random))
    }
  }

  private static func changed(_ input: [UInt8], using random: inout SplitMix64) -> [UInt8] {
    var bytes = input
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let index = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: index)
      default: bytes.insert(contentsOf: bytes[index...].prefix(8), at: index)
      }
    }
    return bytes
  }

  private func check(_ subject: Subject, _ input: [UInt8]) {
    do {
      try subject.check(input)
    } catch {
      Issue.record("\(input): \(error)")
    }
  }
}
