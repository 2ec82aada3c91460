import Foundation
import Synchronization

/// What has to be ended when all tests are over, the youngest first.
enum Daemons {
  private static let stops = Mutex<[@Sendable () -> Void]>([])

  static func whenAllIsOver(_ stop: @escaping @Sendable () -> Void) {
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
