import Foundation
import Synchronization
package import Testing

/// Checks that something takes at least this many seconds, and at most `factor` times as long as a
/// concurrent sleep(1) of as many seconds or of `other`.
///
/// A slow or busy machine delays both. A delay of only one of them is retried.
package func expectDuration(
  of seconds: Double, atMost factor: Double = 1.25, besideSleepOf other: Double? = nil,
  _ location: SourceLocation = #_sourceLocation, _ body: (Stopwatch) throws -> Void
) throws {
  var attempts: [String] = []
  for _ in 1...4 {
    let stopwatch = Stopwatch(besideSleepOf: other ?? seconds)
    try body(stopwatch)
    let (duration, reference) = try (stopwatch.duration(), stopwatch.reference())
    attempts.append("\(duration) s, sleep \(reference) s")
    guard duration >= seconds else { break }
    if duration <= reference * factor { return }
  }
  Issue.record("it took \(attempts)", sourceLocation: location)
}

/// Checks that something takes at most `factor` times as long as a reference. The shortest of several
/// rounds of each counts, since other load on the machine only adds to them: on a quiet one three rounds suffice.
package func expectDuration(
  atMost factor: Double, rounds: Int = 60, of reference: () throws -> Double,
  _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Double
) throws {
  var (least, leastReference) = (Double.infinity, Double.infinity)
  for round in 1...rounds {
    leastReference = min(leastReference, try reference())
    least = min(least, try body())
    if round > 2, least <= factor * leastReference { return }
  }
  Issue.record(
    "it took \(least) s, the reference \(leastReference) s", sourceLocation: location)
}

/// The duration of `body` in seconds.
package func duration(of body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}

/// Measures a duration, and that of a concurrent sleep(1).
package final class Stopwatch {
  private let seconds: Double
  private var begin: ContinuousClock.Instant?
  private var end: ContinuousClock.Instant?
  private var sleeper: Sleeper?

  fileprivate init(besideSleepOf seconds: Double) { self.seconds = seconds }

  package func start() {
    let now = ContinuousClock.now
    begin = now
    sleeper = Sleeper(seconds, since: now)
  }

  /// The seconds since the start.
  package func time() throws -> Double { try #require(begin).duration(to: .now) / .seconds(1) }

  package func stop() { end = .now }

  /// The seconds from the start to the stop.
  package func duration() throws -> Double {
    try #require(begin).duration(to: #require(end)) / .seconds(1)
  }

  fileprivate func reference() throws -> Double { try #require(sleeper).duration() }
}

/// A sleep(1) in a thread, measured with the same polling as the tests use.
private final class Sleeper: Sendable {
  private let result = Mutex<Result<Double, any Error>?>(nil)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(_ seconds: Double, since begin: ContinuousClock.Instant) {
    Thread.detachNewThread { [self] in
      let took = Result {
        _ = try Run(["sleep", "\(seconds)"]).ending()
        return begin.duration(to: .now) / .seconds(1)
      }
      result.withLock { $0 = took }
      hasEnded.signal()
    }
  }

  /// Waits for it.
  func duration() throws -> Double {
    hasEnded.wait()
    return try #require(result.withLock { $0 }).get()
  }
}
