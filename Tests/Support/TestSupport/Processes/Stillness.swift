package import Foundation
import Glibc

/// Whether a condition comes to hold. It won't by itself once all processes below this one have
/// been asleep, stopped or dead for longer than any of them sleeps on its own account: that is
/// waited for, or for so many seconds if one of them never rests.
package func comes(
  below nest: pid_t, within limit: Double, _ condition: () throws -> Bool
) rethrows -> Bool {
  let deadline = Date(timeIntervalSinceNow: limit)
  var stillSince: Date?
  while true {
    // In this order: what holds once all are still is seen.
    let now = Date()
    let isStill = ProcessTable().descendants(of: nest).allSatisfy { "STZ".contains($0.state) }
    for _ in 1...5 {
      if try condition() { return true }
      usleep(10_000)
    }
    if !isStill {
      stillSince = nil
    } else if now.timeIntervalSince(stillSince ?? now) > stillness {
      return false
    } else if stillSince == nil {
      stillSince = now
    }
    if now > deadline { return false }
  }
}

/// tini looks around once a second.
private let stillness = 1.2
