import Supervision
import Testing

/// Orphans end faster than they are reaped, so that a sweep has no end.
@Suite("The supervisor in a flood of zombies")
struct FloodTests {
  /// So many orphans are reaped, and then what is done, at some moment.
  private func flood(
    of count: Int = 1_000, at milliseconds: Int64 = 0, then action: String
  ) -> [(Event, String)] {
    Array(repeating: (Event.orphan(30, .exited(0)), "reap"), count: count - 1)
      + [(.orphan(30, .exited(0)), "read the clock"), (.clock(milliseconds: milliseconds), action)]
  }

  @Test("A flood of zombies does not keep a signal from the command")
  func signals() throws {
    try live(
      [(.started, "reap")] + flood(then: "look for a signal")
        + [
          (.signal(.terminate), "send SIGTERM to group 12"),
          (.sent(nil), "look for another signal"),
          (.signal(Signal(rawValue: 40)), "send SIGRTMIN+6 to group 12"),
          (.sent(nil), "look for another signal"),
          (.noSignal, "reap"),
        ] + flood(then: "look for a signal")
        + [(.noSignal, "reap")] + flood(then: "look for a signal")
        + [
          (.signal(.childChanged), "look for another signal"),
          (.noSignal, "reap"),
          (.swept(hasChildren: true), "wait briefly"),
        ])
  }

  @Test("swinit finishes the sweep before it exits, unless 100,000 children exit meanwhile")
  func leaving() throws {
    try live(
      [(.started, "reap")] + Array(repeating: (.orphan(30, .exited(0)), "reap"), count: 990)
        + [(.command(.exited(3)), "reap")]
        + Array(repeating: (.orphan(30, .exited(0)), "reap"), count: 99_999)
        + [
          (.swept(hasChildren: true), "tell the rest of the group SIGTERM"),
          (.signalledDescendants(found: true), "exit 3"),
        ])
    try live(
      [(.started, "reap"), (.command(.exited(3)), "reap")]
        + flood(of: 100_000, then: "tell the rest of the group SIGTERM")
        + [(.signalledDescendants(found: true), "exit 3")])
    try live(
      with: "-P", from: .idle(after: .paused),
      [
        (.signal(.terminate), "reap")
      ] + flood(of: 100_000, then: "exit 0"))
  }

  @Test("A flood of zombies does not keep swinit from killing its descendants at the deadline")
  func deadline() throws {
    try live(
      with: "-k 5s",
      [
        (.started, "reap"),
        (.swept(hasChildren: true), "wait briefly"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "read the memory"),
        (.memory(nil), "wait until 6000 ms"),
        (.signal(.childChanged), "reap"),
      ] + flood(at: 5_999, then: "look for a signal") + [(.noSignal, "reap")]
        + flood(at: 6_000, then: "kill and name all")
        + killed(at: 6_000, by: .killed([:]))
        + flood(at: 7_999, then: "kill all") + killed(at: 7_999)
        + flood(at: 8_000, then: "reap")
        + flood(of: 100_000, at: 8_300, then: "find a survivor after 0")
        + [(.survivor(nil), "exit 137")])
  }

  /// The walk through the descendants may have taken until the deadline.
  private func killed(
    at milliseconds: Int64, by event: Event = .signalledDescendants(found: true)
  ) -> [(Event, String)] {
    [
      (event, "read the clock"),
      (.clock(milliseconds: milliseconds), "look for a signal"),
      (.signal(.childChanged), "look for another signal"),
      (.noSignal, "reap"),
    ]
  }

  @Test("No process counts as exited while a sweep is unfinished")
  func nobodyIsGone() throws {
    try live(
      with: "-P -k 5s",
      [
        (.paused, "reap"), (.swept(hasChildren: false), "wait briefly"),
        (.noSignal, "read the memory"),
        (.memory(nil), "wait"), (.signal(.terminate), "reap"),
      ] + flood(at: 1_000, then: "tell all")
        + [
          (.signalledDescendants(found: true), "read the clock"),
          (.clock(milliseconds: 1_000), "look for a signal"), (.noSignal, "reap"),
          (.swept(hasChildren: true), "wait until 6000 ms"),
        ])
  }

  @Test("No signal goes to the command's group once a sweep has found its process ID reused")
  func recycledNumber() throws {
    try live(
      with: "-k 5s",
      [
        (.started, "reap"),
        (.command(.exited(0)), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "tell all"),
        (.signalledDescendants(found: true), "read the memory"),
        (.memory(nil), "wait until 6000 ms"),
        (.signal(.childChanged), "reap"),
      ] + flood(at: 2_000, then: "look for a signal")
        + [
          (.noSignal, "reap"),
          (.orphan(12, .exited(1)), "reap"),
          (.swept(hasChildren: true), "wait until 6000 ms"),
          (.signal(.hangup), "wait until 6000 ms"),
        ])
  }

  @Test("A short sweep finishes before any other action")
  func endsInTime() throws {
    try live(
      [(.started, "reap")]
        + Array(repeating: (.orphan(30, .exited(0)), "reap"), count: 999)
        + [(.swept(hasChildren: true), "wait briefly"), (.signal(.childChanged), "reap")]
        + Array(repeating: (.orphan(30, .exited(0)), "reap"), count: 999)
        + [(.swept(hasChildren: true), "read the memory")])
  }
}

/// Something else than zombies comes faster than it is dealt with.
@Suite("The supervisor in a storm of events")
struct StormTests {
  /// The first sweep is over, and the memory was read.
  private let idle: [(Event, String)] = [
    (.started, "reap"), (.swept(hasChildren: true), "wait briefly"), (.noSignal, "read the memory"),
    (.memory(nil), "wait"),
  ]

  @Test("Every pending signal has its turn after 256 others")
  func signals() throws {
    let user1 = Signal(rawValue: 10)
    let one: [(Event, String)] = [
      (.signal(user1), "send SIGUSR1 to group 12"), (.sent(nil), "wait"),
    ]
    let last: [(Event, String)] = [
      (.signal(user1), "send SIGUSR1 to group 12"), (.sent(nil), "look for a signal"),
    ]
    let storm = Array(repeating: one, count: 254).flatMap { $0 }
    try live(
      idle + storm + one + last + [
        (.signal(user1), "send SIGUSR1 to group 12"),
        (.sent(nil), "look for another signal"),
        (.signal(.childChanged), "reap"),
        (.swept(hasChildren: true), "look for another signal"),
        (.noSignal, "wait"),
      ] + storm + one + last)
  }

  @Test("A walk through the descendants counts as 32 signals, and deadlines are checked in between")
  func walks() throws {
    let hangup: [(Event, String)] = [
      (.signal(.hangup), "tell the rest of the group SIGHUP"),
      (.signalledDescendants(found: true), "wait until 5000 ms"),
    ]
    let quietSweep: [(Event, String)] = [
      (.signal(.childChanged), "reap"), (.swept(hasChildren: true), "wait until 5000 ms"),
    ]
    // 32 for telling all, and 6 times 33: with 25 more it isn't enough yet.
    let beforeRound: [(Event, String)] =
      Array(repeating: hangup, count: 6).flatMap { $0 }
      + Array(repeating: quietSweep, count: 25).flatMap { $0 }
    try live(
      with: "-k 5s", from: .grace,
      [] + beforeRound + [
        (.signal(.childChanged), "reap"), (.swept(hasChildren: true), "look for a signal"),
        (.signal(.hangup), "tell the rest of the group SIGHUP"),
        (.signalledDescendants(found: true), "read the clock"),
        (.clock(milliseconds: 4_999), "look for another signal"),
        (.signal(.quit), "tell the rest of the group SIGQUIT"),
        (.signalledDescendants(found: true), "read the clock"),
        (.clock(milliseconds: 5_000), "kill and name all"),
      ])
  }

  @Test("A reading of the memory counters counts as 20 reaped children")
  func readings() throws {
    let kill: [(Event, String)] = [
      (.orphan(30, .killed(by: .kill)), "read the memory in detail"),
      (
        .memory(nil),
        "swinit: process 30 (orphan) was killed by SIGKILL, which swinit did not send\n"
      ),
    ]
    try live(
      idle + [(.signal(.childChanged), "reap")]
        + Array(repeating: kill + [(.reported, "reap with names of the killed")], count: 47)
        .flatMap { $0 }
        + kill + [(.reported, "read the clock"), (.clock(milliseconds: 0), "look for a signal")])
  }

  @Test("Pending signals precede a scan for zombies, and the next period begins after the scan")
  func scans() throws {
    try live(
      with: "--zombie-check 1ms",
      [
        (.started, "reap"), (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "read the memory"), (.memory(nil), "wait until 1 ms"),
        (.deadline(milliseconds: 1), "look for a signal"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "look for another signal"),
        (.noSignal, "count zombies"),
        (.zombies(nil), "read the clock"),
        (.clock(milliseconds: 100), "wait until 101 ms"),
      ])
  }

  @Test("A scan for zombies has its turn during an unfinished sweep")
  func sweepsAndScans() throws {
    try live(
      with: "--zombie-check 10ms",
      [
        (.started, "reap"), (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "read the memory"), (.memory(nil), "wait until 10 ms"),
        (.signal(.childChanged), "reap"),
      ] + Array(repeating: (.orphan(30, .exited(0)), "reap"), count: 999) + [
        (.orphan(30, .exited(0)), "read the clock"),
        (.clock(milliseconds: 10), "look for a signal"),
        (.noSignal, "count zombies"),
        (.zombies(nil), "read the clock"),
        (.clock(milliseconds: 30), "reap"),
      ])
  }

  @Test("No scan for zombies happens while the remaining descendants are killed")
  func noScanWhileKilling() throws {
    try live(
      with: "--zombie-check 1s -k 1s",
      [
        (.started, "reap"), (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "read the memory"), (.memory(nil), "wait until 1000 ms"),
        (.signal(.terminate), "send SIGTERM to group 12"), (.sent(nil), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "wait until 1000 ms"),
        (.deadline(milliseconds: 1_000), "kill and name all"),
        (.killed([:]), "wait until 3000 ms"),
      ])
  }
}
