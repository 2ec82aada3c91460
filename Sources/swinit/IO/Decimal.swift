/// Numbers in decimal digits, for the names that the kernel gives to things.
enum Decimal {
  /// Writes a number that isn't negative, at most ten digits; gives how many there are.
  static func write(_ number: Int32, to digits: UnsafeMutablePointer<CChar>) -> Int {
    let length = number < 10 ? 0 : unsafe write(number / 10, to: digits)
    unsafe digits[length] = CChar(truncatingIfNeeded: number % 10 &+ 0x30)
    return length &+ 1
  }
}
