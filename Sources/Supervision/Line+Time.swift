// When a message is written.

extension Line {
  /// Adds a moment as RFC 3339 has it, `2026-11-21T03:10:24.123Z`, from the milliseconds since 1970
  /// began.
  @inline(never)
  mutating func append(time milliseconds: Int64) {
    let moment = max(milliseconds, 0)
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

  private mutating func append(_ number: Int64, digits: Int, then end: Unicode.Scalar) {
    append(number, digits: digits)
    append(byte: .ascii(end))
  }
}
