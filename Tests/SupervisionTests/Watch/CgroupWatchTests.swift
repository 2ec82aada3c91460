import Supervision
import Testing

@Suite("The watch on the control group")
struct CgroupWatchTests {
  private static func cgroup(
    hits: Int64 = 0, kills: Int64, ofGroups groupKills: Int32 = 0, at milliseconds: Int64
  ) -> Event {
    var memory = CgroupEvents.Memory()
    memory.hits = hits
    memory.kills = kills
    memory.groupKills = groupKills
    return .cgroup(
      CgroupEvents(
        memory: memory, refusals: nil, now: Instant(nanoseconds: milliseconds * 1_000_000)))
  }

  private static func memory(kills: Int64, at milliseconds: Int64) -> Event {
    .memory(
      MemoryReading(
        kills: kills, limit: nil, peak: nil, now: Instant(nanoseconds: milliseconds * 1_000_000)))
  }

  /// A look has found so many that are dying, has taken so long, and ended at this moment.
  private static func found(
    children: Int = 0, dying: Int = 0, gone: Int = 0, kills: Int64 = 0, in duration: Int64 = 0,
    at milliseconds: Int64
  ) -> Event {
    .foundVictims(
      OOMVictims(children: children, dying: dying, gone: gone, kills: kills),
      nanoseconds: duration * 1_000_000, now: Instant(nanoseconds: milliseconds * 1_000_000))
  }

  private static func counted(_ count: Int) -> String {
    "swinit: out of memory: the kernel killed \(count) process"
      + (count == 1
        ? ", which its parent reaped before it could be identified\n"
        : "es, which were reaped before they could be identified\n")
  }

  /// swinit watches.
  private static let watching: [(Event, String)] = [
    (.started, "reap"), (.swept(hasChildren: true), "wait briefly"),
    (.noSignal, "read the memory"), (memory(kills: 0, at: 0), "read the cgroup"),
    (cgroup(kills: 0, at: 0), "wait"),
  ]

  /// The look after the first kill has taken 700 ms: the next may begin at 10 s.
  private static let exhausted: [(Event, String)] =
    watching + [
      (cgroup(kills: 1, at: 0), "look for a signal"),
      (.noSignal, "read the memory in detail"), (memory(kills: 1, at: 0), "look for victims"),
      (found(in: 700, at: 0), counted(1)), (.reported, "wait"),
    ]

  /// swinit reaps a process of a group that was killed.
  private static let victimReaped: [(Event, String)] = [
    (.childKilled, "reap with names of the killed"),
    (.orphan(31, .killed(by: .kill)), "read the memory in detail"),
    (
      memory(kills: 1, at: 0),
      "swinit: out of memory: the kernel killed process 31 (orphan)\n"
    ),
    (.reported, "reap with names of the killed"), (.swept(hasChildren: true), "wait"),
  ]

  /// Another process is killed, and named.
  private static let nextNamed: [(Event, String)] = [
    (cgroup(kills: 2, ofGroups: 1, at: 0), "look for a signal"),
    (.noSignal, "read the memory in detail"),
    (memory(kills: 2, at: 0), "look for victims"),
    (found(dying: 1, at: 0), "take the next that is dying"),
  ]

  @Test("A kill between the first reading and the watch is searched for when the watch begins")
  func beforeWatch() throws {
    try live([
      (.started, "reap"), (.orphan(31, .killed(by: .kill)), "read the memory in detail"),
      (
        Self.memory(kills: 0, at: 0),
        "swinit: process 31 (orphan) was killed by SIGKILL, which swinit did not send\n"
      ),
      (.reported, "reap with names of the killed"),
      (.orphan(32, .killed(by: .kill)), "read the memory in detail"),
      (
        Self.memory(kills: 2, at: 0),
        "swinit: out of memory: the kernel killed process 32 (orphan)\n"
      ),
      (.reported, "reap with names of the killed"),
      (.swept(hasChildren: true), "read the cgroup"),
      (Self.cgroup(kills: 2, at: 0), "look for a signal"),
      (.noSignal, "read the memory in detail"),
    ])
  }

  @Test("After a group was killed whose members swinit reaps, the next victim is named again")
  func groupOfChildren() throws {
    try live(
      from: Self.watching,
      [
        (Self.cgroup(kills: 1, ofGroups: 1, at: 0), "wait until 50 ms"),
        (.deadline(milliseconds: 50), "look for a signal"),
        (.noSignal, "read the memory in detail"),
        (Self.memory(kills: 1, at: 50), "look for victims"),
        (Self.found(children: 1, at: 50), "wait until 70 ms"),
      ] + Self.victimReaped.dropLast() + [(.swept(hasChildren: true), "wait until 70 ms")]
        + Self.nextNamed)
  }

  @Test("Members of a group are reported together, though the kernel kills them one after another")
  func groupOneByOne() throws {
    try live(
      from: Self.watching,
      [
        (Self.cgroup(kills: 1, ofGroups: 1, at: 0), "wait until 50 ms"),
        (Self.cgroup(kills: 2, ofGroups: 1, at: 40), "wait until 50 ms"),
        (.deadline(milliseconds: 50), "look for a signal"),
        (.noSignal, "read the memory in detail"),
        (Self.memory(kills: 2, at: 50), "look for victims"),
        (
          Self.found(dying: 1, at: 50),
          "swinit: out of memory: the kernel killed 2 processes of a control group with"
            + " memory.oom.group\n"
        ),
        (.reported, "wait until 70 ms"),
        (Self.cgroup(kills: 2, ofGroups: 1, at: 60), "wait until 70 ms"),
      ])
  }

  @Test("A killed group that swinit reaped before it was notified does not hide the next victim")
  func groupReapedBefore() throws {
    try live(
      from: Self.watching,
      Self.victimReaped + [(Self.cgroup(kills: 1, ofGroups: 1, at: 0), "wait")] + Self.nextNamed)
  }

  @Test("A child that was reported when swinit reaped it is not named again as one that has gone")
  func goneChild() throws {
    let victim = OOMVictim(ProcessID(rawValue: 31), ProcessName("orphan"))
    try live(
      from: Self.watching,
      Self.victimReaped + [
        (Self.cgroup(kills: 2, at: 0), "look for a signal"),
        (.noSignal, "read the memory in detail"),
        (Self.memory(kills: 2, at: 0), "look for victims"),
        (Self.found(gone: 1, at: 0), "take the next that is gone"),
        (.victim(victim), Self.counted(1)), (.reported, "wait until 20 ms"),
      ])
  }

  @Test("A search for victims ends when the memory can't be read any more")
  func unreadable() throws {
    try live(
      from: Self.watching,
      [
        (Self.cgroup(kills: 1, at: 0), "look for a signal"),
        (.noSignal, "read the memory in detail"), (.memory(nil), "wait"),
      ])
  }

  @Test("While a search for victims is postponed, what is remembered may be incomplete")
  func rememberedWhilePostponed() throws {
    try live(
      from: Self.exhausted,
      [
        (Self.cgroup(kills: 2, at: 1_000), "wait until 10000 ms"),
        (Self.cgroup(hits: 1, kills: 2, at: 1_001), "look for a signal"),
        (.noSignal, "remember the largest after a kill"),
      ])
  }

  @Test("A victim that is killed while victims are looked for is named beside a child that is one")
  func killedDuringLook() throws {
    try live(
      from: Self.watching,
      [
        (Self.cgroup(kills: 1, at: 0), "look for a signal"),
        (.noSignal, "read the memory in detail"),
        (Self.memory(kills: 1, at: 0), "look for victims"),
        (Self.found(children: 1, dying: 1, kills: 2, at: 0), "take the next that is dying"),
      ])
    // One of these was killed by another process, and a third kill is still to be searched for.
    try live(
      from: Self.watching,
      [
        (Self.cgroup(kills: 1, at: 0), "look for a signal"),
        (.noSignal, "read the memory in detail"),
        (Self.memory(kills: 1, at: 0), "look for victims"),
        (Self.found(children: 1, dying: 1, kills: 1, at: 0), "wait until 20 ms"),
      ])
    try live(
      from: Self.watching,
      [
        (Self.cgroup(kills: 1, at: 0), "look for a signal"),
        (.noSignal, "read the memory in detail"),
        (Self.memory(kills: 1, at: 0), "look for victims"),
        (Self.found(children: 1, kills: 2, at: 0), "wait until 20 ms"),
        (Self.cgroup(kills: 2, at: 0), "look for a signal"),
      ])
  }

  @Test("Looks of 600 ms may follow kills at once")
  func credit() throws {
    try live(
      from: Array(Self.exhausted.dropLast(2)) + [
        (Self.found(in: 600, at: 0), Self.counted(1)), (.reported, "wait"),
      ],
      [(Self.cgroup(kills: 2, at: 0), "look for a signal")])
  }

  @Test("Kills that come faster than looks may are looked for once, when a look may come again")
  func postponed() throws {
    try live(
      from: Self.exhausted,
      [
        (Self.cgroup(kills: 3, at: 1_000), "wait until 10000 ms"),
        // More than 2 s later, after which kills are not attributed otherwise.
        (Self.cgroup(kills: 5, at: 9_000), "wait until 10000 ms"),
        (.deadline(milliseconds: 10_000), "look for a signal"),
        (.noSignal, "read the memory in detail"),
        (Self.memory(kills: 5, at: 10_000), "look for victims"),
        (Self.found(dying: 1, in: 1, at: 10_000), Self.counted(3)),
        (.reported, "take the next that is dying"),
      ])
  }

  @Test("Victims that a postponed search does not find are counted")
  func counted() throws {
    try live(
      from: Self.exhausted,
      [
        (Self.cgroup(kills: 3, at: 1_000), "wait until 10000 ms"),
        (.deadline(milliseconds: 10_000), "look for a signal"),
        (.noSignal, "read the memory in detail"),
        (Self.memory(kills: 3, at: 10_000), "look for victims"),
        (Self.found(in: 1, at: 10_000), Self.counted(2)), (.reported, "wait"),
        // It has taken 1 ms, for which the next one waits 100 ms more.
        (Self.cgroup(kills: 4, at: 10_099), "wait until 10100 ms"),
        (Self.cgroup(kills: 5, at: 10_100), "look for a signal"),
      ])
  }

  @Test("A child that was killed is attributed although the search for others is postponed")
  func child() throws {
    try live(
      from: Self.exhausted,
      [
        (Self.cgroup(kills: 3, at: 1_000), "wait until 10000 ms"),
        (.childKilled, "reap with names of the killed"),
        (.orphan(31, .killed(by: .kill)), "read the memory in detail"),
        (
          Self.memory(kills: 3, at: 9_000),
          "swinit: out of memory: the kernel killed process 31 (orphan)\n"
        ),
        (.reported, "reap with names of the killed"),
        (.swept(hasChildren: true), "wait until 10000 ms"),
      ])
  }

  @Test("A search that is postponed comes before swinit exits")
  func atExit() throws {
    try live(
      from: Self.exhausted,
      [
        (Self.cgroup(kills: 3, at: 1_000), "wait until 10000 ms"),
        (.signal(.childChanged), "reap"), (.command(.exited(3)), "reap"),
        // The counts are read before it, so that it is the last one.
        (.swept(hasChildren: false), "read the cgroup"),
        (Self.cgroup(kills: 4, at: 1_000), "read the memory in detail"),
        (Self.memory(kills: 4, at: 1_000), "look for victims"),
        (Self.found(in: 1, at: 1_000), Self.counted(3)), (.reported, "exit 3"),
      ])
  }

  @Test("A search that is postponed beyond the grace period does not wake swinit any more")
  func beyondGracePeriod() throws {
    try live(
      with: "-k 9s",
      from: Self.exhausted + [
        (.signal(.terminate), "send SIGTERM to group 12"), (.sent(nil), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "wait until 9000 ms"),
      ],
      [
        (Self.cgroup(kills: 2, at: 8_999), "wait until 9000 ms"),
        (.deadline(milliseconds: 9_000), Self.counted(1)), (.reported, "kill and name all"),
        (.killed([:]), "wait until 11000 ms"),
      ])
  }

  @Test("Remaining members of the group are signalled before the counts are read for the last time")
  func signalsBeforeLastReading() throws {
    try live(
      from: Self.watching,
      [
        (.signal(.childChanged), "reap"), (.command(.exited(3)), "reap"),
        (.swept(hasChildren: true), "tell the rest of the group SIGTERM"),
        (.signalledDescendants(found: true), "read the cgroup"),
        (Self.cgroup(kills: 0, at: 0), "exit 3"),
      ])
  }

  /// A look at processes with so many pages, of 1024, has taken so long.
  private static func remembered(
    pages: Int64 = 0, in duration: Int64 = 1, at milliseconds: Int64
  ) -> Event {
    .remembered(
      pages: pages, nanoseconds: duration * 1_000_000,
      now: Instant(nanoseconds: milliseconds * 1_000_000))
  }

  /// A process was killed, the limit is 4 MiB, and the search has taken so long.
  private static func killed(in duration: Int64) -> [(Event, String)] {
    watching + [
      (cgroup(hits: 1, kills: 1, at: 0), "look for a signal"),
      (.noSignal, "read the memory in detail"),
      (
        .memory(
          MemoryReading(
            kills: 1, limit: 4 << 20, peak: nil, now: Instant(nanoseconds: 0))),
        "look for victims"
      ),
      (
        found(in: duration, at: 0),
        "swinit: out of memory: the kernel killed 1 process, which its parent reaped before it could"
          + " be identified; limit 4 MiB\n"
      ),
    ]
  }

  /// It is time for a look at what may be killed next.
  private static func look(
    pages: Int64 = 0, in duration: Int64 = 1, from start: Int64, to end: Int64, then: String
  ) -> [(Event, String)] {
    [
      (.deadline(milliseconds: start), "look for a signal"), (.noSignal, "read the cgroup"),
      (cgroup(hits: 1, kills: 1, at: start), "look for a signal"),
      (.noSignal, "remember the largest"),
      (remembered(pages: pages, in: duration, at: end), then),
    ]
  }

  @Test("After a kill, looks follow one another by 20 ms, and later by an eighth of the time since")
  func aftermath() throws {
    var steps: [(Event, String)] = [(.reported, "wait until 20 ms")]
    let moments: [Int64] = [20, 40, 60, 80, 100, 120, 140, 160]
    for (moment, next) in zip(moments, moments.dropFirst() + [180]) {
      steps += Self.look(from: moment, to: moment, then: "wait until \(next) ms")
    }
    // These looks end in the moment in which they begin, and cost nothing: nothing else delays the next one.
    steps += Self.look(from: 240, to: 240, then: "wait until 270 ms")
    steps += Self.look(from: 800, to: 800, then: "wait until 900 ms")
    steps += Self.look(from: 1_000, to: 1_000, then: "wait")
    try live(from: Self.killed(in: 1), steps)
  }

  @Test("A look that is due becomes a search if a kill is counted, and ends with the watch")
  func dueLook() throws {
    let due: [(Event, String)] = [
      (.reported, "wait until 20 ms"), (.deadline(milliseconds: 20), "look for a signal"),
      (.noSignal, "read the cgroup"),
    ]
    try live(
      from: Self.killed(in: 1) + due,
      [
        (Self.cgroup(hits: 2, kills: 2, at: 20), "look for a signal"),
        (.noSignal, "read the memory in detail"),
      ])
    try live(from: Self.killed(in: 1) + due, [(.cgroup(nil), "wait")])
  }

  @Test("Where processes had almost all memory, they are not looked at again when the limit is hit")
  func almostAll() throws {
    let hit = Self.cgroup(hits: 2, kills: 1, at: 21)
    for (pages, action) in [(611, "look for a signal"), (612, "wait until 40 ms")] {
      try live(
        from: Self.killed(in: 1) + [(.reported, "wait until 20 ms")]
          + Self.look(pages: Int64(pages), from: 20, to: 20, then: "wait until 40 ms"),
        [(hit, action)])
    }
  }

  @Test("After a look because the limit was hit again, the next one comes when it is due")
  func hits() throws {
    try live(
      from: Self.killed(in: 1),
      [
        (.reported, "wait until 20 ms"),
        (Self.cgroup(hits: 2, kills: 1, at: 1), "look for a signal"),
        (.noSignal, "remember the largest"), (Self.remembered(at: 1), "wait until 21 ms"),
        (Self.cgroup(hits: 3, kills: 1, at: 20), "wait until 21 ms"),
      ] + Self.look(from: 21, to: 21, then: "wait until 41 ms").prefix(2) + [
        (Self.cgroup(hits: 3, kills: 1, at: 21), "look for a signal"),
        (.noSignal, "remember the largest"), (Self.remembered(at: 21), "wait until 41 ms"),
        (Self.cgroup(hits: 4, kills: 1, at: 22), "look for a signal"),
      ])
  }

  @Test("A search ends the pause after the last look, unless looks after kills have no time left")
  func pauseEnds() throws {
    for (duration, action) in [(300, "look for a signal"), (400, "wait")] as [(Int64, String)] {
      try live(
        from: Self.watching,
        [
          (Self.cgroup(hits: 1, kills: 0, at: 1_000), "look for a signal"),
          (.noSignal, "remember the largest"), (Self.remembered(in: 500, at: 1_500), "wait"),
          (Self.cgroup(hits: 2, kills: 0, at: 1_510), "wait"),
          (Self.cgroup(hits: 3, kills: 1, at: 1_520), "look for a signal"),
          (.noSignal, "read the memory in detail"),
          (Self.memory(kills: 1, at: 1_520), "look for victims"),
          (Self.found(in: duration, at: 1_900), Self.counted(1)),
          (.reported, duration == 300 ? "wait until 4900 ms" : "wait"),
          (Self.cgroup(hits: 4, kills: 1, at: 1_901), action),
        ])
    }
  }

  @Test("Looks after a kill take a tenth of a processor, and leave half of their time to searches")
  func looksLeaveTime() throws {
    try live(from: Self.killed(in: 3), [(.reported, "wait until 30 ms")])
    try live(
      from: Self.killed(in: 300),
      [(.reported, "wait until 3000 ms")]
        + Self.look(from: 3_000, to: 3_001, then: "wait"))
    try live(
      from: Self.killed(in: 301),
      [(.reported, "wait"), (Self.cgroup(hits: 1, kills: 2, at: 0), "look for a signal")])
  }

  @Test("No look after a kill wakes swinit once the grace period has expired")
  func noLookAfterGracePeriod() throws {
    try live(
      with: "-k 10ms",
      from: Self.killed(in: 1) + [(.reported, "wait until 20 ms")],
      [
        (.signal(.terminate), "send SIGTERM to group 12"), (.sent(nil), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "wait until 10 ms"),
        (.deadline(milliseconds: 10), "kill and name all"), (.killed([:]), "wait until 2010 ms"),
      ])
  }

  @Test("A look that costs much more than the one before it does not delay the next one as long")
  func outlier() throws {
    let again: [(Event, String)] = [(.noSignal, "remember the largest")]
    try live(
      from: Self.watching,
      [(Self.cgroup(hits: 1, kills: 0, at: 1_000), "look for a signal")] + again + [
        (Self.remembered(in: 1, at: 1_001), "wait"),
        (Self.cgroup(hits: 2, kills: 0, at: 1_101), "look for a signal"),
      ] + again + [
        (Self.remembered(in: 250, at: 1_400), "wait"),
        (Self.cgroup(hits: 3, kills: 0, at: 1_499), "wait"),
        (Self.cgroup(hits: 4, kills: 0, at: 1_500), "look for a signal"),
      ] + again + [
        // The second in a row is no accident.
        (Self.remembered(in: 250, at: 1_800), "wait"),
        (Self.cgroup(hits: 5, kills: 0, at: 26_799), "wait"),
        (Self.cgroup(hits: 6, kills: 0, at: 26_800), "look for a signal"),
      ])
  }
}
