@testable import Supervision

/// What reads bytes that somebody else wrote. `check` gives it some, and throws if it doesn't do
/// with them what it should; a read out of bounds is for the address sanitizer to find.
///
/// `.ci/fuzz` has a coverage-guided fuzzer (libFuzzer) make the bytes up; what it found worth
/// keeping is in `Tests/Support/Fuzzing/Corpus`, a folder a subject.
enum Subject: String, CaseIterable {
  /// A command line and an environment.
  case call
  /// The value of an option: a duration, a signal, a status, a number.
  case value
  /// What is said, in words and as an object, about names of any bytes.
  case message
  /// /proc/PID/stat and /proc/PID/comm.
  case process
  /// Lines of /proc/self/cgroup, of /proc/self/mountinfo, and of a control group's own files.
  case group
  /// The first bytes of a file that the kernel couldn't execute.
  case head

  func check(_ input: [UInt8]) throws(Flaw) {
    switch self {
    case .call: try Flaw.inCall(input)
    case .value: try Flaw.inValue(input)
    case .message: try Flaw.inMessage(input)
    case .process: try Flaw.inProcess(input)
    case .group: try Flaw.inGroup(input)
    case .head: try Flaw.inHead(input)
    }
  }
}

/// Something that isn't done with the bytes that should be.
struct Flaw: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// Throws unless it is so.
  static func unless(
    _ isSo: Bool, _ description: @autoclosure () -> String
  ) throws(Flaw) {
    if !isSo { throw Flaw(description()) }
  }

  /// Throws unless both are the same.
  static func unlessSame<Value: Equatable>(
    _ value: Value, _ expected: Value, _ what: String
  ) throws(Flaw) {
    try unless(value == expected, "\(what) is \(value) instead of \(expected)")
  }
}

/// Texts of given bytes, each in memory of its own that has no byte more, while it lives.
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
    // Nothing may be read of one without bytes either: it ends where the memory does.
    let start = unsafe bytes.isEmpty ? allocate([UInt8(0)]) + 1 : allocate(bytes)
    return unsafe Text(UnsafeRawPointer(start), count: bytes.count)
  }

  /// An array of strings of C, of bytes without NUL.
  func strings(_ strings: [[UInt8]]) -> CStringArray {
    let pointers = unsafe strings.map { string in
      unsafe allocate((string + [0]).map { CChar(bitPattern: $0) })
    }
    return unsafe CStringArray(allocate(pointers + [nil]))
  }
}

extension Sequence<UInt8> {
  /// The characters of UTF-8, each with its first byte; one that is part of none has no scalar.
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

  /// What words should show of it.
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
      case let scalar? where (0x80..<0xa0).contains(scalar.value):
        return "\\u00" + hexadecimal(UInt8(scalar.value))
      case let scalar?: return String(scalar)
      }
    }.joined()
  }

  /// What a parser of JSON should make of it.
  var asValue: String {
    String(String.UnicodeScalarView(characters.map { $0.scalar ?? "\u{fffd}" }))
  }

  /// The parts of which a zero is after each but the last.
  var parts: [[UInt8]] {
    Array(self).split(separator: 0, omittingEmptySubsequences: false).map { Array($0) }
  }
}

private func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}
