import Foundation
import Supervision
import Testing

@Suite("JSON messages about arbitrary bytes, read by Foundation's parser")
struct JSONMessageTests {
  /// Bytes that are likely to cause trouble: control characters, quotes, and fragments of UTF-8.
  private func bytes(_ random: inout SplitMix64, upTo limit: Int) -> [UInt8] {
    let kind = Int.random(in: 0..<4, using: &random)
    let awkward: [UInt8] = [0x22, 0x5c, 0x0a, 0x7f, 0x1b, 0x2f]
    let characters = Array("a\u{e9}\u{20ac}\u{1f600}\u{202e}\u{feff}\u{e0041}".utf8)
    return (0..<Int.random(in: 0...limit, using: &random)).map { _ in
      switch kind {
      case 0: UInt8.random(in: 1...255, using: &random)
      case 1: UInt8.random(in: 0x80...0xff, using: &random)
      case 2: awkward[Int.random(in: 0..<awkward.count, using: &random)]
      default: characters[Int.random(in: 0..<characters.count, using: &random)]
      }
    }
  }

  private func bytes(
    _ report: Report, _ format: Message.Format, _ command: Text
  ) -> [UInt8] {
    let message = report.message(format, command: command)
    return unsafe message.line.withBytes { unsafe Array($0) }
  }

  private func parse(_ bytes: [UInt8]) throws -> [String: Any] {
    #expect(bytes.count <= Line.capacity)
    #expect(bytes.firstIndex(of: 0x0a) == bytes.count - 1)
    #expect(!bytes.dropLast().contains { $0 < 0x20 || $0 == 0x7f })
    return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  /// Decoders differ in how many replacement characters stand for an invalid sequence.
  private func isSame(_ value: Any?, _ bytes: [UInt8]) -> Bool {
    func squeezed(_ string: String) -> [UInt32] {
      string.unicodeScalars.map(\.value).reduce(into: []) { scalars, scalar in
        if scalar != 0xfffd || scalars.last != 0xfffd { scalars.append(scalar) }
      }
    }
    return (value as? String).map(squeezed) == squeezed(String(decoding: bytes, as: UTF8.self))
  }

  @Test("JSON messages contain names and paths unchanged, with U+FFFD for invalid UTF-8")
  func roundTrip() throws {
    var random = SplitMix64(seed: 4)
    for _ in 0..<3000 {
      let (command, path) = (bytes(&random, upTo: 60), bytes(&random, upTo: 60))
      let failure = ExecutionFailure(.noSuchFile, .commandInPath(text(bytes: path)))
      let report = Report.cannotRun(failure)
      let object = try parse(
        bytes(report, .json(milliseconds: 0), text(bytes: command)))
      #expect(isSame(object["command"], command))
      #expect(isSame(object["search_path"], path))
      #expect(object["event"] as? String == "cannot_execute")
    }
  }

  @Test("Each byte that is not UTF-8 becomes U+FFFD in a JSON message")
  func replacement() throws {
    let broken: [[UInt8]] = [
      [0x80], [0xff], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80],
      [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80], [0xe2, 0x82], [0xf0, 0x9f],
    ]
    for sequence in broken {
      let name = [0x61] + sequence + [0x62]
      let report = Report.cannotRun(ExecutionFailure(.noSuchFile, .command))
      let line = bytes(report, .json(milliseconds: 0), text(bytes: name))
      let expected = "a" + String(repeating: "\u{fffd}", count: sequence.count) + "b"
      #expect(try parse(line)["command"] as? String == expected)
    }
  }

  @Test("A JSON parser restores the characters that the message escapes")
  func invisibleCharacters() throws {
    let name = "\u{61c}\u{200b}\u{202e}\u{2066}\u{2029}\u{feff}\u{e0001}\u{e0041}\u{e007f}"
    let report = Report.cannotRun(ExecutionFailure(.noSuchFile, .command))
    let line = bytes(report, .json(milliseconds: 0), text(name))
    #expect(try parse(line)["command"] as? String == name)
  }

  @Test("A very long command, interpreter or PATH leaves the error and the hint readable")
  func longNames() throws {
    for unit in ["x", "\u{1}", "\u{e0041}", "\"", "\\"] {
      let long = text(String(repeating: unit, count: 9000))
      for subject in [ExecutionFailure.Subject.commandInPath(long), .interpreter(long), .command] {
        var failure = ExecutionFailure(.noSuchFile, subject)
        failure.mistake = .option
        let report = Report.cannotRun(failure)
        let object = try parse(bytes(report, .json(milliseconds: 0), long))
        #expect(object["error"] as? String == "No such file or directory")
        #expect(object["errno"] as? Int == 2)
        var isInterpreter = false
        if case .interpreter = subject { isInterpreter = true }
        let hint = "options of swinit go before '--'"
        #expect(object["hint"] as? String == (isInterpreter ? nil : hint))
        let words = String(decoding: bytes(report, .text, long), as: UTF8.self)
        #expect(words.hasSuffix(isInterpreter ? "' does not exist\n" : "; \(hint)\n"))
        let sentence = try #require(object["msg"] as? String)
        #expect(sentence == words.dropFirst(8).dropLast() || unit != "x")
      }
    }
  }

  @Test("The msg of a JSON message is the sentence of the text format")
  func sentence() throws {
    var random = SplitMix64(seed: 8)
    for _ in 0..<1000 {
      let (command, path) = (bytes(&random, upTo: 60), bytes(&random, upTo: 60))
      let report = Report.cannotRun(
        ExecutionFailure(.noSuchFile, .commandInPath(text(bytes: path))))
      let object = try parse(bytes(report, .json(milliseconds: 0), text(bytes: command)))
      let words = String(decoding: bytes(report, .text, text(bytes: command)), as: UTF8.self)
      #expect(object["msg"] as? String == String(words.dropFirst(8).dropLast()))
      #expect(object["logger"] as? String == "swinit")
    }
  }

  @Test("A JSON message that is too long is cut to a valid object of at most 4,096 bytes")
  func overlong() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<100 {
      let (command, path) = (bytes(&random, upTo: 9000), bytes(&random, upTo: 9000))
      let reasons = [
        ExecutionFailure.Subject.commandInPath(text(bytes: path)),
        .interpreter(text(bytes: path + [0x0d])), .command,
      ]
      for reason in reasons {
        let failure = ExecutionFailure(.noSuchFile, reason)
        let report = Report.cannotRun(failure)
        let object = try parse(
          bytes(report, .json(milliseconds: 0), text(bytes: command)))
        #expect(object["event"] as? String == "cannot_execute")
      }
    }
  }

  @Test("JSON messages contain a process's name, whatever bytes it has")
  func processNames() throws {
    var random = SplitMix64(seed: 6)
    var options = Options()
    options.warnsOfReaped = true
    for _ in 0..<1000 {
      let name = bytes(&random, upTo: 15)
      let change = ChildChange(
        ProcessID(rawValue: 30), .exited(0), name: ProcessName(text(bytes: name + [0x0a])))
      var rehearsal = Rehearsal(options: options, occurrences: [.changes([change])])
      rehearsal.play()
      let object = try parse(Array(try #require(rehearsal.objects.first).utf8))
      #expect(isSame(object["name"] ?? "", Array(name.prefix { $0 != 0x0a })))
    }
  }

  @Test("A text message is cut at a whole character")
  func wholeCharacters() throws {
    for character in ["\u{e9}", "\u{20ac}", "\u{1f600}"] {
      for offset in 0..<4 {
        let name = String(repeating: "x", count: offset) + String(repeating: character, count: 3000)
        let failure = ExecutionFailure(.noSuchFile, .command)
        let line = bytes(.cannotRun(failure), .text, text(name))
        let words = try #require(String(validating: line, as: UTF8.self))
        #expect(words.hasSuffix("\(character)...'\n"))
      }
    }
  }

  @Test("The time of a JSON message is the one that Foundation formats")
  func times() throws {
    var random = SplitMix64(seed: 7)
    let formatter = ISO8601DateFormatter()
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.formatOptions = [.withInternetDateTime]
    let edges: [Int64] = [
      0, 951_782_400_000, 951_868_799_999, 4_107_542_400_000, 253_402_300_799_999,
    ]
    let others = (0..<3000).map { _ in Int64.random(in: 0...253_402_300_799_999, using: &random) }
    for moment in edges + others {
      let line = bytes(.messagesDropped(1), .json(milliseconds: moment), text(""))
      // Without the milliseconds: a Double can't hold those of so many years.
      let date = Date(timeIntervalSince1970: Double(moment / 1000))
      let milliseconds = String(1000 + moment % 1000).dropFirst()
      let expected = formatter.string(from: date).dropLast() + ".\(milliseconds)Z"
      #expect(try parse(line)["time"] as? String == String(expected))
    }
  }
}
