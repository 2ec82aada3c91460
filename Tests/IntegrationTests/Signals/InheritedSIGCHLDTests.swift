import TestSupport
import Testing

@Suite("An inherited SIGCHLD disposition", .mostlyWaits) struct InheritedSIGCHLDTests {
  /// With SIGCHLD ignored, the command could not wait for its own children.
  @Test(
    "The command's status is known, and its SIGCHLD is at its default, though SIGCHLD was inherited blocked or ignored",
    arguments: Place.available, [("0", "10000"), ("10000", "0"), ("10000", "10000")])
  func statusIsKnown(at place: Place, masks: (blocked: String, ignored: String)) throws {
    let run = try Run.swinit(
      "sh", "-c", "grep SigIgn /proc/self/status; (exit 3); exit $(($? + 4))", at: place,
      launcher: [probe, "with-signals", masks.blocked, masks.ignored])
    let outcome = try run.outcome()
    // glibc's posix_spawn leaves 32 and 33 ignored.
    let ignored = Swinit.isMusl ? "0000000000000000" : "0000000180000000"
    #expect(outcome == Outcome(ending: .exited(7), output: "SigIgn:\t\(ignored)\n"))
  }
}
