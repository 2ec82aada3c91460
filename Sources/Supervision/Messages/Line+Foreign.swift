// Text from outside: names, paths, arguments. It is escaped, so that it cannot end a line or a string
// or move a terminal's cursor, and so cannot forge a message.

extension Line {
  /// The most bytes that one value takes before the ellipsis: the reason that follows a long name
  /// must still fit.
  private static let valueLimit = 768

  /// How far values may fill a line of JSON: the end of the object must still fit.
  private static let objectLimit = Line.capacity - 512

  /// Adds text from outside, as the contents of a JSON string or of a string between apostrophes.
  /// Quotes, backslashes, control characters and invisible characters are escaped. A byte that is not
  /// UTF-8 is escaped, or in JSON replaced by U+FFFD. A value that is too long ends in an ellipsis.
  /// Another delimiter than quotes may end the text.
  @inline(never)  // 128 bytes, with that for hexadecimal digits
  mutating func append(foreign text: Text, inJSON: Bool, delimiter: UInt8? = nil) {
    let delimiter = delimiter ?? (inJSON ? .ascii("\"") : .ascii("'"))
    let limit =
      min(count &+ Line.valueLimit, inJSON || isInString ? Line.objectLimit : Line.capacity)
    var index = 0
    while index < text.count {
      guard count < limit else { return append("...") }
      let length = text.lengthOfCharacter(at: index)
      let character = text.dropFirst(index).prefix(length)
      switch text[index] {
      case .ascii("\\"), delimiter:
        append("\\")
        append(character)
      case .ascii("\n"): append("\\n")
      case .ascii("\r"): append("\\r")
      case .ascii("\t"): append("\\t")
      case 0..<0x20, 0x7f: append(code: text[index], inJSON ? "\\u00" : "\\x")
      case _ where length == 0:
        if inJSON { append("\\ufffd") } else { append(code: text[index], "\\x") }
      default: append(character: character, inJSON: inJSON)
      }
      index &+= max(length, 1)
    }
  }

  /// Adds the name of a process.
  mutating func append(_ name: ProcessName, inJSON: Bool, delimiter: UInt8? = nil) {
    unsafe name.withText { append(foreign: $0, inJSON: inJSON, delimiter: delimiter) }
  }

  /// Adds a UTF-8 character. Controls are escaped, and so are invisible characters: bidirectional
  /// controls, with which a name could reorder the sentence (UAX #9), line separators, characters
  /// without a width, and tags. Joiners of letters and emoji are among them.
  private mutating func append(character: Text, inJSON: Bool) {
    switch (character[0], character[1]) {
    // U+0080 to U+009F
    case (0xc2, ..<0xa0): append(code: character[1], "\\u00")
    // U+061C
    case (0xd8, 0x9c): append("\\u061c")
    case (0xe2, 0x80), (0xe2, 0x81):
      // From U+2000 to U+207F
      let code = character[1] << 6 | character[2] & 0x3f
      switch code & 0x7f {
      case 0x0b...0x0f, 0x28...0x2e, 0x60...0x6f: append(code: code & 0x7f, "\\u20")
      default: append(character)
      }
    // U+FEFF
    case (0xef, 0xbb) where character[2] == 0xbf: append("\\ufeff")
    // U+E0000 to U+E007F
    case (0xf3, 0xa0) where character[2] < 0x82:
      append(
        code: character[2] << 6 | character[3] & 0x3f, inJSON ? "\\udb40\\udc" : "\\U000e00")
    default: append(character)
    }
  }

  /// Adds a prefix and two hexadecimal digits.
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
  /// The length in bytes of the UTF-8 character at `index`, 0 if there is none; see RFC 3629.
  fileprivate func lengthOfCharacter(at index: Int) -> Int {
    let first = self[index]
    var length = 1
    // The second byte's bounds exclude overlong forms, surrogates, and numbers above U+10FFFF.
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
    for offset in SafeRange(length &- 1) {
      let byte = self[index &+ offset &+ 1]
      guard byte >= lowest && byte <= highest else { return 0 }
      (lowest, highest) = (0x80, 0xbf)
    }
    return length
  }
}
