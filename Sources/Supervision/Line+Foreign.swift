// What others wrote: names, paths, words of a command line. It can't end a line or a string, nor move
// a terminal's cursor, so that it can't forge a message.

extension Line {
  /// How far somebody else's bytes may fill an object's line, so that what ends it still fits.
  private static let stringLimit = Line.capacity - 512

  /// Adds somebody else's bytes, as the inside of a string of JSON or of one between apostrophes.
  /// Quotes, backslashes and control characters are escaped; so is what isn't UTF-8, or in JSON
  /// becomes U+FFFD.
  @inline(never)
  mutating func append(foreign text: Text, inJSON: Bool) {
    let limit = inJSON ? Line.stringLimit : Line.capacity
    var index = 0
    while index < text.count, count < limit {
      let length = text.lengthOfCharacter(at: index)
      let character = text.dropFirst(index).prefix(length)
      switch text[index] {
      case .ascii("\\"), inJSON ? .ascii("\"") : .ascii("'"):
        append("\\")
        append(character)
      case .ascii("\n"): append("\\n")
      case .ascii("\r"): append("\\r")
      case .ascii("\t"): append("\\t")
      case 0..<0x20, 0x7f: append(code: text[index], inJSON ? "\\u00" : "\\x")
      case _ where length == 0:
        if inJSON { append("\\ufffd") } else { append(code: text[index], "\\x") }
      case 0xc2 where character[1] < 0xa0: append(code: character[1], "\\u00")
      default: append(character)
      }
      index &+= max(length, 1)
    }
  }

  /// Adds two hexadecimal digits after what tells that they are some.
  @inline(never)
  private mutating func append(code: UInt8, _ prefix: Text) {
    append(prefix)
    append(hexadecimal: code >> 4)
    append(hexadecimal: code & 0xf)
  }

  private mutating func append(hexadecimal digit: UInt8) {
    append(byte: digit < 10 ? .ascii("0") &+ digit : .ascii("a") &+ digit &- 10)
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
