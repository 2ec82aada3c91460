/// The numbers from zero on, up to a number that isn't among them; none if that is negative.
///
/// A trap would end PID 1, and with it the container. So nothing that ships has one: sums wrap where
/// they can't overflow, and what a wrong index asks for is nothing. A range of the standard library
/// would trap.
public struct SafeRange: Sequence, IteratorProtocol {
  private var index = 0
  private let end: Int

  /// The numbers below `end`.
  public init(_ end: Int) { self.end = end }

  /// The next number, nil after the last.
  public mutating func next() -> Int? {
    guard index < end else { return nil }
    defer { index &+= 1 }
    return index
  }
}
