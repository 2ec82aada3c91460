import Foundation
import Synchronization

/// Daemons that are stopped when all tests have finished, the last one first.
enum Daemons {
  private static let stops = Mutex<[@Sendable () -> Void]>([])

  static func onFinish(_ stop: @escaping @Sendable () -> Void) {
    stops.withLock { $0.append(stop) }
  }

  static func stopAll() {
    let all = stops.withLock { stops in
      defer { stops = [] }
      return stops
    }
    for stop in all.reversed() {
      stop()
    }
  }
}
