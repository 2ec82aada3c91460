/// A moment since the machine started, in ticks of 10 ms, as the kernel says when a process started; see
/// starttime in proc_pid_stat(5).
public struct Tick: Comparable, Hashable, Sendable {
  /// The number of ticks.
  public let rawValue: Int64
  /// A moment from its ticks.
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// Whether one tick is before another.
  public static func < (earlier: Tick, later: Tick) -> Bool { earlier.rawValue < later.rawValue }
}

/// A moment on the kernel's monotonic clock, which cannot be set; see CLOCK_MONOTONIC in
/// clock_gettime(2).
public struct Instant: Comparable, Hashable, Sendable {
  /// Nanoseconds since some moment before swinit began.
  public let nanoseconds: Int64
  /// A moment from the clock's nanoseconds.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Whether one moment is before another.
  public static func < (earlier: Instant, later: Instant) -> Bool {
    earlier.nanoseconds < later.nanoseconds
  }

  /// The first of two moments, as far as there are any.
  static func first(_ one: Instant?, _ other: Instant?) -> Instant? {
    guard let one else { return other }
    return other.map { min(one, $0) } ?? one
  }

  /// How many milliseconds it is later than another.
  func milliseconds(since start: Instant) -> Int64 {
    (nanoseconds &- start.nanoseconds) / 1_000_000
  }

  /// The moment that many milliseconds later, at the end of time if that is past it.
  func advanced(byMilliseconds milliseconds: Int64) -> Instant {
    let (span, isTooLong) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, isPastTheEnd) = nanoseconds.addingReportingOverflow(span)
    return Instant(nanoseconds: isTooLong || isPastTheEnd ? .max : sum)
  }
}
