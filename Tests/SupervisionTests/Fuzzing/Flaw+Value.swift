@testable import Supervision

// The values of options, checked against a second, independent reader.

extension Flaw {
  static func inValue(_ input: [UInt8]) throws(Flaw) {
    let arena = Arena()
    let text = arena.text(input)
    let string = String(validating: input, as: UTF8.self) ?? "\u{fffd}"
    let duration = try? Duration(text)
    try unlessSame(duration, string.duration, "the duration '\(string)'")
    if let duration {
      let again = arena.text(duration.words.utf8)
      let number = Int64(duration.words.prefix { $0.isNumber }) ?? 0
      let isTooLong = number > 1_000_000_000
      let expected = isTooLong ? nil : duration
      try unlessSame(try? Duration(again), expected, "the duration \(duration.words)")
    }
    let status = ExitStatus(text)?.rawValue
    try unlessSame(status.map { Int64($0) }, string.number(upTo: 255), "the status '\(string)'")
    for limit in [0, 9, 64, 1 << 30, 1 << 60, Int64.max] {
      let number = text.number(upTo: limit)
      try unlessSame(number, string.number(upTo: limit), "'\(string)' up to \(limit)")
    }
    try inSignal(Signal(text), string, arena)
  }

  private static func inSignal(
    _ signal: Signal?, _ string: String, _ arena: Arena
  ) throws(Flaw) {
    guard let signal else {
      let number = string.number(upTo: 64)
      return try unless(number == nil || number == 0, "the signal '\(string)' isn't read")
    }
    try unless((1...64).contains(signal.rawValue), "'\(string)' is signal \(signal.rawValue)")
    if let number = string.number(upTo: .max) {
      return try unlessSame(Int64(signal.rawValue), number, "the signal '\(string)'")
    }
    var line = Line()
    line.append(signal)
    let name = unsafe line.withBytes { unsafe Array($0) }
    try unlessSame(Signal(arena.text(name)), signal, "the signal of '\(string)'")
    // A signal is given by its name in any case, or as an offset from RTMIN or RTMAX.
    let upper = string.uppercased()
    let plain = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
    let words = String(decoding: name.dropFirst(3), as: UTF8.self)
    let aliases = ["CLD": "CHLD", "IOT": "ABRT", "POLL": "IO"]
    let isOffset = plain.hasPrefix("RTM")
    try unless(
      isOffset || (aliases[plain] ?? plain) == words, "the signal '\(string)' is \(words)")
  }
}

extension String {
  fileprivate var isDigits: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }

  fileprivate func number(upTo limit: Int64) -> Int64? {
    guard isDigits, let number = Int64(self), number <= limit else { return nil }
    return number
  }

  fileprivate var duration: Duration? {
    if self == "infinity" || self == "inf" { return .infinity }
    let units =
      ["d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1]
      as [String: Int64]
    var (sum, last): (Int64, Int64) = (0, .max)
    var rest = self[...]
    while !rest.isEmpty || last == .max {
      let number = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(number.count)
      var fraction: Substring?
      if rest.first == "." {
        fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(1 + (fraction?.count ?? 0))
      }
      let name = rest.prefix { ("a"..."z").contains($0) }
      rest = rest.dropFirst(name.count)
      let unit = name.isEmpty && last == .max && rest.isEmpty ? 1000 : units[String(name)]
      guard let unit, unit < last, fraction?.isEmpty != true,
        let whole = String(number).number(upTo: 1_000_000_000)
      else { return nil }
      last = unit
      sum += whole * unit
      var scale = unit
      for digit in fraction ?? "" {
        scale /= 10
        sum += Int64(digit.wholeNumberValue ?? 0) * scale
      }
    }
    return .milliseconds(sum)
  }
}
