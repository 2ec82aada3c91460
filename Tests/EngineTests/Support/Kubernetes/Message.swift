import Foundation

/// A protocol buffer message by field numbers, as far as the CRI needs it.
struct Message {
  private(set) var bytes = Data()

  init(_ fields: Field...) {
    for field in fields {
      append(field)
    }
  }

  enum Field {
    case number(Int, Int)
    case text(Int, String)
    case texts(Int, [String])
    case message(Int, Message)
    case messages(Int, [Message])
  }

  private mutating func append(_ field: Field) {
    switch field {
    case .number(let tag, let value):
      append(varint: UInt64(tag) << 3)
      append(varint: UInt64(value))
    case .text(let tag, let text): append(tag, Data(text.utf8))
    case .texts(let tag, let texts): texts.forEach { append(tag, Data($0.utf8)) }
    case .message(let tag, let message): append(tag, message.bytes)
    case .messages(let tag, let messages): messages.forEach { append(tag, $0.bytes) }
    }
  }

  private mutating func append(_ tag: Int, _ content: Data) {
    append(varint: UInt64(tag) << 3 | 2)
    append(varint: UInt64(content.count))
    bytes += content
  }

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(rest & 0x7f | 0x80))
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// A received message.
struct Reply {
  private var numbers: [Int: Int] = [:]
  private var contents: [Int: [Data]] = [:]

  /// Nil if the bytes are not a message.
  init?(_ bytes: Data) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let key = Self.varint(&rest) else { return nil }
      let tag = Int(key >> 3)
      switch key & 7 {
      case 0:
        guard let value = Self.varint(&rest) else { return nil }
        numbers[tag] = Int(truncatingIfNeeded: value)
      case 2:
        guard let length = Self.varint(&rest), length <= rest.count else { return nil }
        contents[tag, default: []].append(Data(rest.prefix(Int(length))))
        rest = rest.dropFirst(Int(length))
      default: return nil
      }
    }
  }

  /// A missing number is 0, and a missing text is empty.
  func number(_ tag: Int) -> Int { numbers[tag] ?? 0 }
  func text(_ tag: Int) -> String {
    String(decoding: contents[tag]?.last ?? Data(), as: UTF8.self)
  }
  func message(_ tag: Int) -> Reply? { contents[tag]?.last.flatMap(Reply.init) }
  func messages(_ tag: Int) -> [Reply] { contents[tag, default: []].compactMap(Reply.init) }

  private static func varint(_ bytes: inout Data.SubSequence) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
