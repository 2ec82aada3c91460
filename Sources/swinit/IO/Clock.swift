import CLinux
import Supervision

/// The kernel's monotonic clock.
enum Clock {
  /// The current time. CLOCK_MONOTONIC, clock_gettime(2)
  static var now: Instant { Instant(nanoseconds: clinux_now()) }

  /// The tick that it is. CLOCK_BOOTTIME, clock_gettime(2)
  static var tick: Tick { Tick(rawValue: clinux_boot_ticks()) }

  /// Milliseconds since the Epoch. CLOCK_REALTIME, clock_gettime(2)
  static var time: Int64 { clinux_time() }

  /// What lies between two moments, of which `end` is the later.
  static func span(from start: Instant, to end: Instant) -> timespec {
    let nanoseconds = end.nanoseconds &- start.nanoseconds
    return timespec(
      tv_sec: time_t(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}
