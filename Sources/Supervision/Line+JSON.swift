// What a JSON object needs beyond other messages.

extension Line {
  /// How far somebody else's bytes may fill a line, so that what ends an object still fits.
  private static let stringLimit = Line.capacity - 512

  /// Adds bytes as the inside of a JSON string: what isn't UTF-8 becomes U+FFFD, and what would end
  /// the string, or is a control character, is escaped.
  @inline(never)
  mutating func append(json text: Text) {
    var index = 0
    while index < text.count, count < Line.stringLimit {
      let length = text.lengthOfCharacter(at: index)
      if length == 0 { append("\\ufffd") }
      for offset in Indices(length) { append(json: text[index &+ offset]) }
      index &+= max(length, 1)
    }
  }

  private mutating func append(json byte: UInt8) {
    switch byte {
    case .ascii("\""), .ascii("\\"):
      append("\\")
      append(byte: byte)
    case 0..<0x20, 0x7f:
      append("\\u00")
      append(hexadecimal: byte >> 4)
      append(hexadecimal: byte & 0xf)
    default: append(byte: byte)
    }
  }

  /// Adds a moment as RFC 3339 has it, `2026-11-21T03:10:24.123Z`, from the milliseconds since 1970
  /// began.
  @inline(never)
  mutating func append(time milliseconds: Int64) {
    let moment = max(Int(milliseconds), 0)
    let days = moment / 86_400_000
    let time = moment % 86_400_000
    // Years that begin in March have their leap day last; day 0 is 0000-03-01.
    let era = (days + 719_468) / 146_097
    let day = (days + 719_468) % 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    append(era * 400 + year + (month >= 10 ? 1 : 0), digits: 4, then: "-")
    append(month >= 10 ? month - 9 : month + 3, digits: 2, then: "-")
    append(dayOfYear - (153 * month + 2) / 5 + 1, digits: 2, then: "T")
    append(time / 3_600_000, digits: 2, then: ":")
    append(time / 60_000 % 60, digits: 2, then: ":")
    append(time / 1000 % 60, digits: 2, then: ".")
    append(time % 1000, digits: 3, then: "Z")
  }

  private mutating func append(_ number: Int, digits: Int, then end: Unicode.Scalar) {
    append(number, digits: digits)
    append(byte: .ascii(end))
  }
}

extension Text {
  /// How many bytes the UTF-8 character at `index` has, 0 if there is none; see RFC 3629.
  fileprivate func lengthOfCharacter(at index: Int) -> Int {
    let first = self[index]
    var length = 1
    // The second byte's bounds keep out overlong forms, surrogates, and what is past U+10FFFF.
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xbf
    switch first {
    case 0..<0x80: return 1
    case 0xc2..<0xe0: length = 2
    case 0xe0..<0xf0:
      length = 3
      if first == 0xe0 { lowest = 0xa0 }
      if first == 0xed { highest = 0x9f }
    case 0xf0..<0xf5:
      length = 4
      if first == 0xf0 { lowest = 0x90 }
      if first == 0xf4 { highest = 0x8f }
    default: return 0
    }
    guard count &- index >= length else { return 0 }
    for offset in Indices(length &- 1) {
      let byte = self[index &+ offset &+ 1]
      guard byte >= lowest && byte <= highest else { return 0 }
      (lowest, highest) = (0x80, 0xbf)
    }
    return length
  }
}
