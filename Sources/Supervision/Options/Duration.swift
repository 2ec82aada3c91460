/// How long something may take.
public enum Duration: Equatable, Sendable {
  /// So many milliseconds.
  case milliseconds(Int64)
  /// As long as it takes.
  case infinity

  /// Reads `10`, `10s`, `1.5s`, `500ms`, `2m`, `1h`, `1d`, `1m30s`, `infinity` or `inf`.
  init(_ text: Text) throws(ValueError) {
    if "infinity" ~= text || "inf" ~= text {
      self = .infinity
      return
    }
    var rest = text
    var sum: Int64 = 0
    var isTooLong = false
    // Units only get smaller, so `1m1m` is a mistake.
    var previousUnit = Int64.max
    repeat {
      let whole = rest.prefixOfDigits
      rest = rest.dropFirst(whole.count)
      var fraction: Text = ""
      if rest[0] == .ascii(".") {
        fraction = rest.dropFirst(1).prefixOfDigits
        guard !fraction.isEmpty else { throw .malformed }
        rest = rest.dropFirst(1 &+ fraction.count)
      }
      let name = rest.prefixOfLowercaseLetters
      rest = rest.dropFirst(name.count)
      let unit: Int64
      switch ("ms s m h d" as Text).indexOfWord(name) {
      case 0: unit = 1
      case 1: unit = 1000
      case 2: unit = 60_000
      case 3: unit = 3_600_000
      case 4: unit = 86_400_000
      default:
        guard name.isEmpty, previousUnit == .max else { throw .malformed }
        unit = 1000
      }
      guard !whole.isEmpty, unit < previousUnit else { throw .malformed }
      previousUnit = unit
      // A billion days in milliseconds are far from the largest number.
      let number = whole.number(upTo: 1_000_000_000)
      if number == nil { isTooLong = true }
      sum &+= (number ?? 0) &* unit
      var scale = unit
      for index in fraction.indices {
        scale /= 10
        sum &+= Int64(fraction[index] &- .ascii("0")) &* scale
      }
    } while !rest.isEmpty
    if isTooLong { throw .tooLong }
    self = .milliseconds(sum)
  }
}
