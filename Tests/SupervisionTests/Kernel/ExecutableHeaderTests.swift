import Supervision
import Testing

@Suite("The header of an executable file")
struct ExecutableHeaderTests {
  /// A description of the parsed header.
  private func kind(_ bytes: [UInt8]) -> String {
    switch ExecutableHeader(text(bytes: bytes)) {
    case .script(let interpreter): "script of '\(interpreter.string)'"
    case .program(let loader?, _): "program of '\(loader.string)'"
    case .program(nil, _): "program"
    case .text: "text"
    case .unknown: "unknown"
    }
  }

  @Test(
    "The header of a script names its interpreter",
    arguments: [
      ("#!/bin/sh", "/bin/sh"),
      ("#!/bin/sh\necho", "/bin/sh"),
      ("#! /bin/sh\n", "/bin/sh"),
      ("#! \t /bin/sh \n", "/bin/sh"),
      ("#!/usr/bin/env -S python3 -u\n", "/usr/bin/env"),
      ("#!/bin/sh\t-e\n", "/bin/sh"),
      ("#!/bin/sh\0-e\n", "/bin/sh"),
      ("#!/bin/sh\r\n", "/bin/sh\r"),
      ("#!/bin/sh -e\r\n", "/bin/sh"),
      ("#!sh\n", "sh"),
      ("#!", ""),
      ("#!\n/bin/sh", ""),
      ("#!   \n", ""),
      ("#!\0", ""),
    ])
  func script(head: String, interpreter: String) {
    #expect(kind(Array(head.utf8)) == "script of '\(interpreter)'")
  }

  @Test(
    "A file without NUL in its first line is text",
    arguments: ["", "\n", "echo hello\n", " #!/bin/sh\n", "echo\n\0", "ELF", "\u{7f}EL", "#"])
  func plainText(head: String) {
    #expect(kind(Array(head.utf8)) == "text")
  }

  @Test(
    "A file with NUL in its first line that is no program is unknown",
    arguments: ["\0", "\0asm", "echo\0\n", "MZ\0"])
  func unknown(head: String) {
    #expect(kind(Array(head.utf8)) == "unknown")
  }

  @Test(
    "The header of a program names its dynamic loader, in 32 and in 64 bits",
    arguments: [true, false])
  func loader(is64: Bool) {
    var program = ELF(is64: is64)
    program.segments = [.init(type: 6), .init(type: 3, path: "/lib/ld.so"), .init(type: 1)]
    #expect(kind(program.bytes) == "program of '/lib/ld.so'")
    program.segments = [.init(type: 1), .init(type: 2)]
    #expect(kind(program.bytes) == "program")
    program.segments = []
    #expect(kind(program.bytes) == "program")
  }

  @Test(
    "A loader whose name is beyond the bytes that were read is not named", arguments: [true, false])
  func truncated(is64: Bool) {
    let program = ELF(is64: is64, segments: [.init(type: 1), .init(type: 3, path: "/lib/ld.so")])
    let whole = program.bytes
    for length in 4..<whole.count { #expect(kind(Array(whole[..<length])) == "program") }
    #expect(kind(whole + [1, 2, 3]) == "program of '/lib/ld.so'")
  }

  @Test("A program of the other byte order is recognized as a program")
  func otherByteOrder() {
    var bytes = ELF(is64: true, segments: [.init(type: 3, path: "/lib/ld.so")]).bytes
    bytes[5] = 2
    #expect(kind(bytes) == "program")
  }

  @Test("Hostile numbers in a header are survived", arguments: [true, false])
  func hostile(is64: Bool) {
    let program = ELF(is64: is64, segments: [.init(type: 3, path: "/lib/ld.so")])
    // Each number of the header and of the segment in turn, as large as possible.
    let fields =
      is64 ? [32..<40, 54..<56, 56..<58, 72..<80] : [28..<32, 42..<44, 44..<46, 56..<60]
    for field in fields {
      for value in [0xff, 0x7f, 0x80] as [UInt8] {
        var bytes = program.bytes
        for index in field { bytes[index] = value }
        #expect(kind(bytes).hasPrefix("program"))
      }
    }
  }

  @Test("Random bytes after a program's magic number are survived", arguments: [true, false])
  func random(is64: Bool) {
    var generator = SplitMix64(seed: is64 ? 64 : 32)
    let program = ELF(is64: is64, segments: [.init(type: 3, path: "/lib/ld.so")]).bytes
    for _ in 0..<2_000 {
      var bytes = program
      // Everything after the magic number and the class, or a few bytes of it.
      if Bool.random(using: &generator) {
        for index in 5..<bytes.count { bytes[index] = .random(in: 0...255, using: &generator) }
      } else {
        for _ in 0..<4 {
          bytes[.random(in: 5..<bytes.count, using: &generator)] =
            .random(in: 0...255, using: &generator)
        }
      }
      let length = Int.random(in: 4...bytes.count, using: &generator)
      #expect(kind(Array(bytes[..<length])).hasPrefix("program"))
    }
  }
}

/// An executable file built by hand: a header, its segments, and the paths that they hold.
private struct ELF {
  struct Segment {
    var type: UInt32
    var path: String?
  }

  var is64: Bool
  var segments: [Segment] = []

  var bytes: [UInt8] {
    let headerSize = is64 ? 64 : 52
    let entrySize = is64 ? 56 : 32
    var paths: [UInt8] = []
    var bytes: [UInt8] = Array("\u{7f}ELF".utf8) + [is64 ? 2 : 1, 1, 1]
    bytes += Array(repeating: 0, count: headerSize - bytes.count)
    bytes.set(headerSize, at: is64 ? 32 : 28, size: is64 ? 8 : 4)
    bytes.set(entrySize, at: is64 ? 54 : 42, size: 2)
    bytes.set(segments.count, at: is64 ? 56 : 44, size: 2)
    for segment in segments {
      var entry = [UInt8](repeating: 0, count: entrySize)
      entry.set(Int(segment.type), at: 0, size: 4)
      let offset = headerSize + segments.count * entrySize + paths.count
      entry.set(offset, at: is64 ? 8 : 4, size: is64 ? 8 : 4)
      if let path = segment.path { paths += Array(path.utf8) + [0] }
      bytes += entry
    }
    bytes += paths
    // No real program is as short as its header.
    return bytes + Array(repeating: 0, count: max(0, 64 - bytes.count))
  }
}

extension [UInt8] {
  /// Puts a little-endian number of `size` bytes at `offset`.
  fileprivate mutating func set(_ number: Int, at offset: Int, size: Int) {
    for index in 0..<size { self[offset + index] = UInt8(number >> (8 * index) & 0xff) }
  }
}
