import Testing

@testable import Supervision

@Suite("Lines")
struct LineTests {
  @Test("a line holds at most 4,096 bytes, and its newline always fits")
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

  @Test("what doesn't fit is cut off, in the midst of a word if need be")
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

  @Test("a message with a name that is too long is cut off, and still one line")
  func longMessage() {
    let name = text(String(repeating: "\n", count: 100_000))
    let written = line { Misuse.unknownOption(name).write(to: &$0) }
    #expect(written.utf8.count == Line.capacity)
    #expect(written.firstIndex(of: "\n") == written.index(before: written.endIndex))
  }

  @Test(
    "numbers are written in decimal digits",
    arguments: [0, 1, 9, 10, 99, 100, 4096, -1, -10, Int.max, Int.min])
  func numbers(number: Int) {
    #expect(line { $0.append(number) } == "\(number)")
  }

  private func escaped(_ bytes: [UInt8], inJSON: Bool = false) -> String {
    line { $0.append(foreign: text(bytes: bytes), inJSON: inJSON) }
  }

  @Test("quotes, control characters and what isn't UTF-8 are escaped, and nothing else is")
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

  @Test("the control characters past ASCII are escaped, in words and in objects, and no others")
  func furtherControlCharacters() {
    for scalar in (0x80...0x2ff).compactMap(Unicode.Scalar.init) {
      let whole = "a\(scalar)b"
      let isControl = scalar.value < 0xa0
      let expected = isControl ? "a\\u00\(String(scalar.value, radix: 16))b" : whole
      #expect(escaped(Array(whole.utf8)) == expected)
      #expect(escaped(Array(whole.utf8), inJSON: true) == expected)
    }
  }

  @Test("no name can look like the end of one and the words after it")
  func forgery() {
    #expect(escaped(Array("a': all is well".utf8)) == "a\\': all is well")
    #expect(escaped(Array("a\\': all is well".utf8)) == "a\\\\\\': all is well")
    #expect(escaped(Array("a\n".utf8)) != escaped(Array("a\\n".utf8)))
    #expect(escaped(Array("grüß dich, 世界 🙂".utf8)) == "grüß dich, 世界 🙂")
  }

  @Test(
    "a process's name is its first line, and at most 15 bytes",
    arguments: [
      ("", ""), ("a", "a"), ("a\n", "a"), ("\n", ""), ("a\nb", "a"), ("a\u{1b}b", "a\u{1b}b"),
      ("0123456789abcde\n", "0123456789abcde"), ("0123456789abcdefghij", "0123456789abcde"),
    ])
  func processName(line: String, name: String) {
    let read = ProcessName(line)
    #expect(unsafe read.withText { $0.string } == name)
    #expect(read.isEmpty == name.isEmpty)
  }

  @Test("an error without words of its own is given by its number")
  func unknownError() {
    #expect(line { $0.append(SystemError.notPermitted) } == "Operation not permitted")
    for number in [Int32.min, -1, 0, 4, 41, 4000, Int32.max] {
      #expect(line { $0.append(SystemError(rawValue: number)) } == "error \(number)")
    }
  }
}
