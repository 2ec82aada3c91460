import Foundation
package import Testing

/// Checks that something takes so many seconds. Too short is wrong at once; too long may be the
/// fault of a machine that has other things to do, and is tried again.
package func expectDuration(
  of seconds: ClosedRange<Double>, _ location: SourceLocation = #_sourceLocation,
  _ body: () throws -> Double
) throws {
  var durations: [Double] = []
  for _ in 1...4 {
    durations.append(try body())
    if durations.last ?? 0 <= seconds.upperBound { break }
  }
  let (shortest, last) = (durations.min() ?? 0, durations.last ?? 0)
  let isRight = shortest >= seconds.lowerBound && last <= seconds.upperBound
  #expect(isRight, "it took \(durations) s", sourceLocation: location)
}
