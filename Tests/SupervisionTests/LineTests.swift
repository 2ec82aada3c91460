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
      $0.append(quoted: text("0123456789"))
      $0.append(" and so on")
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

  @Test("control characters of others are escaped, and nothing else is")
  func escapes() {
    for byte in UInt8.min...UInt8.max {
      let escaped: String
      switch byte {
      case 0x09: escaped = "\\t"
      case 0x0a: escaped = "\\n"
      case 0x0d: escaped = "\\r"
      case 0..<0x10: escaped = "\\x0" + String(byte, radix: 16)
      case 0x10..<0x20, 0x7f: escaped = "\\x" + String(byte, radix: 16)
      default: escaped = String(decoding: [byte], as: UTF8.self)
      }
      #expect(line { $0.append(escaping: text(bytes: [byte])) } == escaped)
    }
  }

  @Test("words of others stand between apostrophes")
  func quotes() {
    #expect(line { $0.append(quoted: text("")) } == "''")
    #expect(line { $0.append(quoted: text("grüß dich")) } == "'grüß dich'")
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
