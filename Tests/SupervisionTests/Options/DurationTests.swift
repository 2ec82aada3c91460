import Testing

@testable import Supervision

@Suite("Durations")
struct DurationTests {
  @Test(
    "A duration is a number with or without a unit",
    arguments: [
      ("0", 0), ("0ms", 0), ("10", 10_000), ("10s", 10_000), ("500ms", 500), ("2m", 120_000),
      ("1h", 3_600_000), ("007s", 7_000), ("1000000000h", 3_600_000_000_000_000),
    ] as [(String, Int64)])
  func read(words: String, milliseconds: Int64) {
    #expect(Duration(text(words)) == .milliseconds(milliseconds))
  }

  @Test("A duration may be infinity")
  func infinity() {
    #expect(Duration(text("infinity")) == .infinity)
  }

  @Test("An instant advanced by any number of milliseconds is never earlier")
  func later() {
    #expect(Instant(nanoseconds: 5).advanced(byMilliseconds: 2) == Instant(nanoseconds: 2_000_005))
    #expect(Instant(nanoseconds: 5).advanced(byMilliseconds: 0) == Instant(nanoseconds: 5))
    let end = Instant(nanoseconds: .max)
    #expect(Instant(nanoseconds: 5).advanced(byMilliseconds: .max) == end)
    #expect(Instant(nanoseconds: .max - 5).advanced(byMilliseconds: 1) == end)
    #expect(Instant(nanoseconds: 5) < end)
  }
}
