import Testing

@testable import Supervision

@Suite("Durations")
struct DurationTests {
  @Test(
    "A duration is a number of seconds, or numbers with units from the largest to the smallest",
    arguments: [
      ("0", 0), ("0ms", 0), ("10", 10_000), ("10s", 10_000), ("500ms", 500), ("2m", 120_000),
      ("1h", 3_600_000), ("1d", 86_400_000), ("007s", 7_000), ("1m30s", 90_000),
      ("1d2h3m4s5ms", 93_784_005), ("1h30m", 5_400_000), ("1.5s", 1_500), ("0.5", 500),
      ("1.25m", 75_000), ("1.5h", 5_400_000), ("0.5d", 43_200_000), ("1.2345s", 1_234),
      ("1.9ms", 1), ("1m1.5s", 61_500), ("1000000000h", 3_600_000_000_000_000),
      ("1000000000d", 86_400_000_000_000_000),
    ] as [(String, Int64)])
  func read(words: String, milliseconds: Int64) throws {
    #expect(try Duration(text(words)) == .milliseconds(milliseconds))
  }

  @Test("Infinity is read in full and abbreviated", arguments: ["infinity", "inf"])
  func infinity(words: String) throws {
    #expect(try Duration(text(words)) == .infinity)
  }

  @Test("A well-formed duration that is too long is distinguished from a malformed one")
  func tooLong() {
    for words in ["1000000001", "99999999999999999999h", "1h99999999999m", "1000000001ms"] {
      #expect(throws: ValueError.tooLong) { try Duration(text(words)) }
    }
    for words in ["", "x", "1m1", "1s1m", "1..5s", ".5", "5.", "99999999999999999999x", "-1"] {
      #expect(throws: ValueError.malformed) { try Duration(text(words)) }
    }
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
