package import Foundation
import Glibc

/// Whether a condition becomes true. It gives up once all descendants of `nest` have been asleep,
/// stopped or dead for longer than any of them sleeps by itself; or at the limit, if one of them
/// never rests.
package func comes(
  below nest: pid_t, within limit: Double, _ condition: () throws -> Bool
) rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(limit)
  var stillSince: ContinuousClock.Instant?
  while true {
    // The condition is checked after the states, so that a last change is not missed.
    let now = ContinuousClock.now
    let isStill = ProcessTable().descendants(of: nest).allSatisfy { "STZ".contains($0.state) }
    for _ in 1...5 {
      if try condition() { return true }
      usleep(10_000)
    }
    if !isStill {
      stillSince = nil
    } else if (stillSince ?? now).duration(to: now) > .seconds(stillness) {
      return false
    } else if stillSince == nil {
      stillSince = now
    }
    if now > deadline { return false }
  }
}

/// tini wakes up once a second.
private let stillness = 1.2
