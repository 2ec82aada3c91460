import TestSupport
import Testing

@Suite struct InheritedSIGCHLDTests {
  /// COMMAND's status is known although CHLD was inherited ignored, blocked, or both; and COMMAND
  /// starts with its default, or it couldn't wait for its own children.
  @Test(arguments: Place.available, [("0", "10000"), ("10000", "0"), ("10000", "10000")])
  func isHarmless(at place: Place, masks: (blocked: String, ignored: String)) throws {
    let run = try Run.swinit(
      "sh", "-c", "grep SigIgn /proc/self/status; (exit 3); exit $(($? + 4))", at: place,
      birth: [probe, "with-signals", masks.blocked, masks.ignored])
    let outcome = try run.outcome()
    // glibc's posix_spawn leaves 32 and 33 ignored.
    let ignored = Swinit.isMusl ? "0000000000000000" : "0000000180000000"
    #expect(outcome == Outcome(ending: .exited(7), output: "SigIgn:\t\(ignored)\n"))
  }
}
