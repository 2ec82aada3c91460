import Supervision
import Testing

/// Orphans end faster than they are reaped, so that a sweep has no end.
@Suite("A flood of zombies")
struct FloodTests {
  /// A thousand orphans are reaped, and then what is done, at some moment.
  private func flood(
    at milliseconds: Int64 = 0, then action: String, reap: String = "reap"
  ) -> [(Event, String)] {
    Array(repeating: (Event.orphan(30, .exited(0)), reap), count: 999)
      + [(.orphan(30, .exited(0)), "read the clock"), (.clock(milliseconds: milliseconds), action)]
  }

  @Test("can't keep a signal from COMMAND")
  func signals() throws {
    try live(
      [(.started, "reap")] + flood(then: "look for a signal")
        + [
          (.signal(.terminate), "send SIGTERM to group 12"),
          (.sent(nil), "reap"),
        ] + flood(then: "look for a signal")
        + [(.settled, "reap")] + flood(then: "look for a signal")
        + [
          (.signal(.childChanged), "reap"),
          (.swept(hasChildren: true), "settle"),
        ])
  }

  @Test("can't keep swinit when COMMAND has ended, nor a pause that was told to end")
  func leaving() throws {
    try live(
      [
        (.started, "reap"), (.command(.exited(3)), "reap"),
      ]
        + flood(then: "tell the rest of the group SIGTERM").dropFirst()
        + [(.ran(foundDescendants: true), "exit 3")])
    try live(
      with: "-P",
      [
        (.paused, "reap"), (.swept(hasChildren: true), "settle"), (.settled, "read the memory"),
        (.memory(nil), "wait"), (.signal(.terminate), "reap"),
      ] + flood(then: "exit 0"))
  }

  @Test("can't keep a deadline from passing: all are killed, again and again, and left")
  func deadline() throws {
    try live(
      with: "-k 5s",
      [
        (.started, "reap"),
        (.swept(hasChildren: true), "settle"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "read the memory"),
        (.memory(nil), "wait until 6000 ms"),
        (.signal(.childChanged), "reap"),
      ] + flood(at: 5_999, then: "look for a signal") + [(.settled, "reap")]
        + flood(at: 6_000, then: "kill all") + killed
        + flood(at: 7_999, then: "kill all", reap: reap)
        + killed + flood(at: 8_000, then: "exit 137", reap: reap))
  }

  private let reap = "reap"
  private var killed: [(Event, String)] {
    [(.ran(foundDescendants: true), "look for a signal"), (.signal(.childChanged), reap)]
  }

  @Test("nobody counts as gone while a sweep has no end")
  func nobodyIsGone() throws {
    try live(
      with: "-P -k 5s",
      [
        (.paused, "reap"), (.swept(hasChildren: false), "settle"), (.settled, "read the memory"),
        (.memory(nil), "wait"), (.signal(.terminate), "reap"),
      ] + flood(at: 1_000, then: "tell all")
        + [
          (.ran(foundDescendants: true), "look for a signal"), (.settled, "reap"),
          (.swept(hasChildren: true), "wait until 6000 ms"),
        ])
  }

  @Test("what came for COMMAND's group isn't sent once the sweep finds its number used again")
  func recycledNumber() throws {
    try live(
      with: "-k 5s",
      [
        (.started, "reap"),
        (.command(.exited(0)), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "tell all"),
        (.ran(foundDescendants: true), "read the memory"),
        (.memory(nil), "wait until 6000 ms"),
        (.signal(.childChanged), "reap"),
      ] + flood(at: 2_000, then: "look for a signal")
        + [
          (.signal(.hangup), "reap"),
          (.orphan(12, .exited(1)), "reap"),
          (.swept(hasChildren: true), "wait until 6000 ms"),
        ])
  }

  @Test("a sweep that ends in time is done without a look at anything else")
  func endsInTime() throws {
    try live(
      [(.started, "reap")]
        + Array(repeating: (.orphan(30, .exited(0)), "reap"), count: 999)
        + [(.swept(hasChildren: true), "settle"), (.signal(.childChanged), "reap")]
        + Array(repeating: (.orphan(30, .exited(0)), "reap"), count: 999)
        + [(.swept(hasChildren: true), "read the memory")])
  }
}
