import Testing

@testable import Supervision

@Suite("Lines of messages")
struct LineTests {
  @Test("A line holds at most 4,096 bytes, and its newline always fits")
  func capacity() {
    #expect(Line.capacity == 4096)
    for length in [0, 1, 4094, 4095, 4096, 10_000] {
      let written = line {
        for _ in 0..<length { $0.append(byte: UInt8(ascii: "x")) }
        $0.end()
      }
      #expect(written == String(repeating: "x", count: min(length, 4095)) + "\n")
    }
  }

  @Test("Text that does not fit is cut off, in the middle of a word if need be")
  func truncation() {
    let long = text(String(repeating: "x", count: 4090))
    let written = line {
      $0.append(long)
      $0.append("'0123456789' and so on")
      $0.end()
    }
    #expect(written.utf8.count == Line.capacity)
    #expect(written.hasSuffix("xx'0123\n"))
  }

  @Test("A value that is too long ends in an ellipsis after a whole character or escape sequence")
  func longValue() {
    for character in ["x", "\n", "ü", "🙂", "\u{202e}", "\u{e0041}"] {
      for inJSON in [false, true] {
        let unit = escaped(Array(character.utf8), inJSON: inJSON)
        for prefix in 0..<12 {
          let name =
            String(repeating: "a", count: prefix) + String(repeating: character, count: 800)
          let written = escaped(Array(name.utf8), inJSON: inJSON)
          #expect(768..<784 ~= written.utf8.count)
          let units = written.dropFirst(prefix).dropLast(3)
          #expect(written.hasSuffix("..."))
          #expect(units == String(repeating: unit, count: units.utf8.count / unit.utf8.count))
        }
      }
    }
    #expect(escaped(Array(repeating: 0x61, count: 768)) == String(repeating: "a", count: 768))
    #expect(
      escaped(Array(repeating: 0x61, count: 769)) == String(repeating: "a", count: 768) + "...")
  }

  @Test(
    "A line shows a number in decimal digits",
    arguments: [0, 1, 9, 10, 99, 100, 4096, -1, -10, Int.max, Int.min])
  func numbers(number: Int) {
    #expect(line { $0.append(number) } == "\(number)")
  }

  private func escaped(_ bytes: [UInt8], inJSON: Bool = false) -> String {
    line { $0.append(foreign: text(bytes: bytes), inJSON: inJSON) }
  }

  @Test("Quotes, control characters and invalid UTF-8 are escaped, and nothing else is")
  func escapes() {
    for byte in UInt8.min...UInt8.max {
      let inWords: String
      switch byte {
      case 0x09: inWords = "\\t"
      case 0x0a: inWords = "\\n"
      case 0x0d: inWords = "\\r"
      case 0..<0x10: inWords = "\\x0" + String(byte, radix: 16)
      case 0x10..<0x20, 0x7f...: inWords = "\\x" + String(byte, radix: 16)
      case UInt8(ascii: "'"): inWords = "\\'"
      case UInt8(ascii: "\\"): inWords = "\\\\"
      default: inWords = String(decoding: [byte], as: UTF8.self)
      }
      #expect(escaped([byte]) == inWords)
    }
  }

  @Test("The control characters beyond ASCII are escaped in text and JSON, and no others")
  func furtherControlCharacters() {
    for scalar in (0x80...0x2ff).compactMap(Unicode.Scalar.init) {
      let whole = "a\(scalar)b"
      let isControl = scalar.value < 0xa0
      let expected = isControl ? "a\\u00\(String(scalar.value, radix: 16))b" : whole
      #expect(escaped(Array(whole.utf8)) == expected)
      #expect(escaped(Array(whole.utf8), inJSON: true) == expected)
    }
  }

  @Test("Characters that reorder a line, break it or are invisible are escaped")
  func invisibleCharacters() {
    let ranges: [ClosedRange<UInt32>] = [
      0x80...0x9f, 0x61c...0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f,
      0xfeff...0xfeff, 0xe0000...0xe007f,
    ]
    for scalar in [0x80...0x2fff, 0xfe00...0xffff, 0xe0000...0xe01ff].joined()
      .compactMap(Unicode.Scalar.init)
    {
      let whole = "a\(scalar)b"
      let digits = String(scalar.value, radix: 16)
      var (inWords, inJSON) = (whole, whole)
      if ranges.contains(where: { $0.contains(scalar.value) }) {
        let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
        inWords = scalar.value > 0xffff ? "a\\U000\(digits)b" : "a\\u\(zeros)\(digits)b"
        let surrogates = String(scalar).utf16.map { "\\u" + String($0, radix: 16) }.joined()
        inJSON = scalar.value > 0xffff ? "a\(surrogates)b" : inWords
      }
      #expect(escaped(Array(whole.utf8)) == inWords)
      #expect(escaped(Array(whole.utf8), inJSON: true) == inJSON)
    }
  }

  @Test("A name cannot imitate its own end and the text after it")
  func forgery() {
    #expect(escaped(Array("a': all is well".utf8)) == "a\\': all is well")
    #expect(escaped(Array("a\\': all is well".utf8)) == "a\\\\\\': all is well")
    #expect(escaped(Array("a\n".utf8)) != escaped(Array("a\\n".utf8)))
    #expect(escaped(Array("grüß dich, 世界 🙂".utf8)) == "grüß dich, 世界 🙂")
  }

  @Test(
    "A process's name is its first line, and at most 15 bytes",
    arguments: [
      ("", ""), ("a", "a"), ("a\n", "a"), ("\n", ""), ("a\nb", "a"), ("a\u{1b}b", "a\u{1b}b"),
      ("0123456789abcde\n", "0123456789abcde"), ("0123456789abcdefghij", "0123456789abcde"),
    ])
  func processName(line: String, name: String) {
    let read = ProcessName(line)
    #expect(unsafe read.withText { $0.string } == name)
    #expect(read.isEmpty == name.isEmpty)
  }

  @Test("An error without a description is given by its number")
  func unknownError() {
    #expect(line { $0.append(SystemError.notPermitted) } == "Operation not permitted")
    for number in [Int32.min, -1, 0, 4, 41, 4000, Int32.max] {
      #expect(line { $0.append(SystemError(rawValue: number)) } == "error \(number)")
    }
  }
}
