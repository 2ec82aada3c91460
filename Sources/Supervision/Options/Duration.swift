/// How long something may take.
public enum Duration: Equatable, Sendable {
  /// So many milliseconds.
  case milliseconds(Int64)
  /// As long as it takes.
  case infinity

  /// Reads `10`, `10s`, `500ms`, `2m`, `1h` or `infinity`.
  init?(_ text: Text) {
    if "infinity" ~= text {
      self = .infinity
      return
    }
    var digits = 0
    while text[digits].isDecimalDigit { digits &+= 1 }
    let unit: Int64
    switch text.dropFirst(digits) {
    case "ms": unit = 1
    case "", "s": unit = 1000
    case "m": unit = 60_000
    case "h": unit = 3_600_000
    default: return nil
    }
    // A billion hours in milliseconds are far from the largest number.
    guard let number = text.prefix(digits).number(upTo: 1_000_000_000) else { return nil }
    self = .milliseconds(number &* unit)
  }
}
