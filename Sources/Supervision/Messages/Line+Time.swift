// The time of a message.

extension Line {
  /// Adds a time in the format of RFC 3339, `2026-11-21T03:10:24.123Z`, from the milliseconds since
  /// 1970 began.
  mutating func append(time milliseconds: Int64) {
    // A year has four digits.
    let moment = min(max(milliseconds, 0), 253_402_300_799_999)
    var day = moment / 86_400_000
    let time = moment % 86_400_000
    var year: Int64 = 1970
    while day >= daysOfYear(year) {
      day &-= daysOfYear(year)
      year &+= 1
    }
    var month: Int64 = 1
    while day >= daysOfMonth(month, of: year) {
      day &-= daysOfMonth(month, of: year)
      month &+= 1
    }
    append(year, digits: 4, then: "-")
    append(month, digits: 2, then: "-")
    append(day &+ 1, digits: 2, then: "T")
    append(time / 3_600_000, digits: 2, then: ":")
    append(time / 60_000 % 60, digits: 2, then: ":")
    append(time / 1000 % 60, digits: 2, then: ".")
    append(time % 1000, digits: 3, then: "Z")
  }

  private mutating func append(_ number: Int64, digits: Int, then end: Unicode.Scalar) {
    append(number, digits: digits)
    append(byte: .ascii(end))
  }

  private func daysOfYear(_ year: Int64) -> Int64 {
    year & 3 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
  }

  private func daysOfMonth(_ month: Int64, of year: Int64) -> Int64 {
    // 30 and 31 alternate, but for February and where July meets August.
    month == 2 ? daysOfYear(year) &- 337 : 30 &+ (month &+ month >> 3) & 1
  }
}
