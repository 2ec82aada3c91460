import Foundation
import Synchronization
package import Testing

/// Checks that something takes so many seconds: no fewer, and at most `factor` times what sleep(1)
/// takes for as many, or for another number, at the same moment.
///
/// A slow or busy machine delays both. What delays only one of them is tried again.
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

/// Checks that something takes at most `factor` times what something else takes. The shortest of some
/// rounds of each counts, since whatever else the machine does only adds to them.
package func expectDuration(
  atMost factor: Double, of reference: () throws -> Double,
  _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Double
) throws {
  var (least, leastReference) = (Double.infinity, Double.infinity)
  for round in 1...10 {
    leastReference = min(leastReference, try reference())
    least = min(least, try body())
    if round > 2, least <= factor * leastReference { return }
  }
  Issue.record(
    "it took \(least) s, the reference \(leastReference) s", sourceLocation: location)
}

/// How long `body` takes, in seconds.
package func duration(of body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}

/// Measures something, and sleep(1) beside it.
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

  fileprivate func duration() throws -> Double {
    try #require(begin).duration(to: #require(end)) / .seconds(1)
  }

  fileprivate func reference() throws -> Double { try #require(sleeper).duration() }
}

/// sleep(1), waited for as the tests wait for everything.
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
