@testable import Supervision

/// A parser or writer that processes untrusted bytes. `check` passes bytes to it and throws if the
/// result is wrong; the address sanitizer finds reads out of bounds.
///
/// `.ci/fuzz` generates the bytes with libFuzzer, which is guided by coverage. Inputs worth keeping
/// are in `Tests/Support/Fuzzing/Corpus`, one file for each subject.
enum Subject: String, CaseIterable {
  /// A command line and an environment.
  case call
  /// The value of an option: a duration, a signal, a status, a number.
  case value
  /// Messages about names of any bytes, as text and as JSON.
  case message
  /// /proc/PID/stat and /proc/PID/comm.
  case process
  /// Lines of /proc/self/cgroup and /proc/self/mountinfo, and of a cgroup's own files.
  case group
  /// The first bytes of a file that the kernel could not execute.
  case head
  /// /proc/PID/stat and /proc/PID/cmdline, as `--ps` shows them.
  case listing

  func check(_ input: [UInt8]) throws(Flaw) {
    switch self {
    case .call: try Flaw.inCall(input)
    case .value: try Flaw.inValue(input)
    case .message: try Flaw.inMessage(input)
    case .process: try Flaw.inProcess(input)
    case .group: try Flaw.inGroup(input)
    case .head: try Flaw.inHead(input)
    case .listing: try Flaw.inListing(input)
    }
  }
}

/// A wrong result for some input.
struct Flaw: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// Throws unless the condition holds.
  static func unless(
    _ isSo: Bool, _ description: @autoclosure () -> String
  ) throws(Flaw) {
    if !isSo { throw Flaw(description()) }
  }

  /// Throws unless both values are equal.
  static func unlessSame<Value: Equatable>(
    _ value: Value, _ expected: Value, _ what: String
  ) throws(Flaw) {
    try unless(value == expected, "\(what) is \(value) instead of \(expected)")
  }
}

/// Texts in exactly sized blocks of memory, which are valid while the arena exists.
@safe
final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = unsafe []

  deinit { unsafe blocks.forEach { unsafe $0.deallocate() } }

  private func allocate<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    unsafe memory.initialize(from: elements, count: elements.count)
    unsafe blocks.append(UnsafeMutableRawPointer(memory))
    return unsafe memory
  }

  func text(_ bytes: some Sequence<UInt8>) -> Text {
    let bytes = Array(bytes)
    // An empty text starts at the end of a block, so that reading even one byte is out of bounds.
    let start = unsafe bytes.isEmpty ? allocate([UInt8(0)]) + 1 : allocate(bytes)
    return unsafe Text(UnsafeRawPointer(start), count: bytes.count)
  }

  /// An array of C strings made of bytes without NUL.
  func strings(_ strings: [[UInt8]]) -> CStringArray {
    let pointers = unsafe strings.map { string in
      unsafe allocate((string + [0]).map { CChar(bitPattern: $0) })
    }
    return unsafe CStringArray(allocate(pointers + [nil]))
  }
}

extension Sequence<UInt8> {
  /// The characters of UTF-8, each with its first byte; a byte that is part of no character has no
  /// scalar.
  var characters: [(scalar: Unicode.Scalar?, byte: UInt8)] {
    let bytes = Array(self)
    var characters: [(Unicode.Scalar?, UInt8)] = []
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var index = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        characters.append((Unicode.UTF8.decode(encoded), bytes[index]))
        index += encoded.count
      case .error(let length):
        for byte in bytes[index..<index + length] { characters.append((nil, byte)) }
        index += length
      case .emptyInput: return characters
      }
    }
  }

  /// The bytes as a text message should show them. Invisible characters could hide or reorder words.
  var inWords: String {
    characters.map { scalar, byte in
      switch scalar {
      case nil: return "\\x" + hexadecimal(byte)
      case "\n": return "\\n"
      case "\r": return "\\r"
      case "\t": return "\\t"
      case "'", "\\": return "\\" + String(scalar ?? " ")
      case let scalar? where scalar.value < 0x20 || scalar.value == 0x7f:
        return "\\x" + hexadecimal(UInt8(scalar.value))
      case let scalar? where scalar.isInvisible:
        let digits = String(scalar.value, radix: 16)
        return scalar.value < 0x10000
          ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : "\\U000" + digits
      case let scalar?: return String(scalar)
      }
    }.joined()
  }

  /// The string that a JSON parser should return.
  var asValue: String {
    String(String.UnicodeScalarView(characters.map { $0.scalar ?? "\u{fffd}" }))
  }

  /// The parts between zeros.
  var parts: [[UInt8]] {
    Array(self).split(separator: 0, omittingEmptySubsequences: false).map { Array($0) }
  }
}

private func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

extension Unicode.Scalar {
  /// Whether it is a control beyond ASCII, a character without a width, a separator of lines or a tag.
  fileprivate var isInvisible: Bool {
    let ranges: [ClosedRange<UInt32>] = [
      0x80...0x9f, 0x61c...0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f,
      0xfeff...0xfeff, 0xe0000...0xe007f,
    ]
    return ranges.contains { $0.contains(value) }
  }
}
