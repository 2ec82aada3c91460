import Supervision
import Testing

@Suite("The supervisor with a grace period")
struct KillAfterTests {
  /// The command has been killed at the deadline.
  private let killedCommand: [(Event, String)] =
    .idle + [
      (.signal(.terminate), "send SIGTERM to group 12"), (.sent(nil), "reap"),
      (.swept(hasChildren: true), "read the clock"), (.clock(milliseconds: 0), "wait until 0 ms"),
      (.deadline(milliseconds: 0), "kill and name all"),
      (.killed([12: "cmd"]), "swinit: grace period (0ms) expired: killed 1 process\n"),
      (.reported, "wait until 2000 ms"),
    ]

  @Test("The command's remaining descendants are signalled, waited for, and killed at the deadline")
  func remainingDescendants() throws {
    try live(
      with: "-k 5s -v",
      [
        (.started, "swinit: started 'cmd' as process 12\n"),
        (.reported, "reap and usage"),
        (.command(.exited(3)), "swinit: 'cmd' (process 12) exited with status 3\n"),
        (.reported, "reap and usage"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "tell all"),
        (
          .signalledDescendants(found: true),
          "swinit: sent SIGTERM to the remaining descendants of 'cmd'; waiting for them\n"
        ),
        (.reported, "read the memory"),
        (.memory(nil), "wait until 6000 ms"),
        (.signal(.childChanged), "reap and usage"),
        (.orphan(30, .exited(1)), "reap and usage"),
        (.swept(hasChildren: true), "wait until 6000 ms"),
        (.deadline(milliseconds: 6_000), "kill and name all"),
        (
          .killed([31: "orphan", 32: "orphan"]),
          "swinit: grace period (5s) expired: killed 2 processes\n"
        ),
        (.reported, "wait until 8000 ms"),
        (.signal(.childChanged), "reap and usage"),
        (.orphan(31, .killed(by: .kill)), "reap and usage"),
        (.swept(hasChildren: true), "kill all"),
        (.signalledDescendants(found: true), "wait until 8000 ms"),
        (.signal(.childChanged), "reap and usage"),
        (.orphan(32, .killed(by: .kill)), "reap and usage"),
        (
          .swept(hasChildren: false),
          "swinit: 'cmd' (process 12) ran for 0ms; peak memory 0 KiB, CPU time 0ms; orphans "
            + "reaped: 3\n"
        ),
        (.reported, "exit 3"),
      ])
  }

  @Test("swinit exits at once when no descendant remains")
  func nobodyLeft() throws {
    try live(
      with: "-k 5s",
      [
        (.started, "reap"),
        (.command(.exited(3)), "reap"),
        (.swept(hasChildren: false), "exit 3"),
      ])
  }

  @Test("The grace period starts when the command is asked to terminate, and only then")
  func oneClock() throws {
    try live(
      with: "-k 5s", from: .idle,
      [
        (.signal(.brokenPipe), "send SIGPIPE to group 12"),
        (.sent(nil), "wait"),
        (.signal(.interrupt), "send SIGINT to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "wait until 6000 ms"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil, at: Tick(rawValue: 77)), "reap"),
        (.swept(hasChildren: true), "wait until 6000 ms"),
        (.signal(.childChanged), "reap"),
        (.command(.exited(0)), "reap"),
        (.swept(hasChildren: true), "tell all but the group before tick 77"),
        (.signalledDescendants(found: true), "wait until 6000 ms"),
      ])
  }

  @Test("Signals after the command's exit go to the remaining members of its group")
  func forwardedToRemainder() throws {
    try live(
      with: "-k 5s", from: .grace,
      [
        (.signal(.hangup), "tell the rest of the group SIGHUP"),
        (
          .signalledDescendants(found: true),
          "wait until 5000 ms"
        ),
      ])
  }

  @Test(
    "No process counts as a member of the command's group once the command's process ID was reused")
  func recycledNumber() throws {
    try live(
      with: "-k 5s -v",
      [
        (.started, "swinit: started 'cmd' as process 12\n"),
        (.reported, "reap and usage"),
        (.command(.exited(0)), "swinit: 'cmd' (process 12) exited with status 0\n"),
        (.reported, "reap and usage"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "tell all"),
        (
          .signalledDescendants(found: true),
          "swinit: sent SIGTERM to the remaining descendants of 'cmd'; waiting for them\n"
        ),
        (.reported, "read the memory"),
        (.memory(nil), "wait until 5000 ms"),
        (.signal(.childChanged), "reap and usage"),
        (.orphan(12, .exited(1)), "reap and usage"),
        (.swept(hasChildren: true), "wait until 5000 ms"),
        (.signal(.hangup), "wait until 5000 ms"),
        (.signal(.childChanged), "reap and usage"),
        (
          .swept(hasChildren: false),
          "swinit: 'cmd' (process 12) ran for 0ms; peak memory 0 KiB, CPU time 0ms; orphans "
            + "reaped: 1\n"
        ),
        (.reported, "exit 0"),
      ])
  }

  @Test("A forwarded KILL is not reported as sent by another process")
  func killForwardedToRemainder() throws {
    try live(
      with: "-k 5s -r HUP:KILL", from: .grace,
      [
        (.signal(.hangup), "tell the rest of the group SIGKILL"),
        (.signalledDescendants(found: true), "wait until 5000 ms"),
        (.signal(.childChanged), "reap"),
        (.orphan(30, .killed(by: .kill)), "reap"),
        (.swept(hasChildren: false), "exit 0"),
      ])
  }

  @Test("An infinite grace period waits without killing")
  func infinity() throws {
    try live(
      with: "-k infinity",
      [
        (.started, "reap"),
        (.command(.exited(0)), "reap"),
        (.swept(hasChildren: true), "tell all"),
        (.signalledDescendants(found: true), "wait briefly"),
        (.noSignal, "read the memory"),
        (.memory(nil), "wait"),
        (.signal(.childChanged), "reap"),
        (.orphan(30, .exited(1)), "reap"),
        (.swept(hasChildren: false), "exit 0"),
      ])
  }

  @Test("A command that cannot die is waited for 2 s and counts as killed")
  func undying() throws {
    try live(
      with: "-k 0 -e 137:9", from: killedCommand,
      [
        (.deadline(milliseconds: 2_001), "reap"),
        (.swept(hasChildren: true), "find a survivor after 0"), (.survivor(nil), "exit 9"),
      ])
  }

  @Test("The exit report says that a command that cannot die ran until swinit exited")
  func undyingSummary() throws {
    try live(
      with: "-k 0 -v",
      [
        (.started, "swinit: started 'cmd' as process 12\n"),
        (.reported, "reap and usage"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "wait briefly"),
        (.noSignal, "read the memory"),
        (.memory(nil), "wait"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "swinit: forwarded SIGTERM from process 7 to process group 12\n"),
        (.reported, "reap and usage"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 3_000), "wait until 3000 ms"),
        (.deadline(milliseconds: 3_000), "kill and name all"),
        (
          .killed([12: "cmd"]),
          "swinit: grace period (0ms) expired: killed 1 process\n"
        ),
        (.reported, "wait until 5000 ms"),
        (.deadline(milliseconds: 5_000), "reap and usage"),
        (.swept(hasChildren: true), "find a survivor after 0"),
        (
          .survivor(nil),
          "swinit: 'cmd' (process 12) ran for 4s; peak memory 0 KiB, CPU time 0ms; orphans "
            + "reaped: 0\n"
        ),
        (.reported, "exit 137"),
      ])
  }

  @Test("A command that exits at the very deadline keeps its status")
  func endAtDeadline() throws {
    try live(
      with: "-k 0", from: killedCommand,
      [
        (.deadline(milliseconds: 2_000), "reap"),
        (.command(.exited(4)), "reap"),
        (.swept(hasChildren: true), "find a survivor after 0"), (.survivor(nil), "exit 4"),
      ])
  }

  @Test("swinit reports once that it cannot find its descendants")
  func blind() throws {
    try live(
      with: "-k 5s",
      [
        (.started, "reap"),
        (.command(.exited(0)), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "tell all"),
        (
          .signalledDescendants(found: false),
          "swinit: cannot read /proc to find all descendants; signalling those within reach\n"
        ),
        (.reported, "read the memory"),
        (.memory(nil), "wait until 5000 ms"),
        (.deadline(milliseconds: 5_000), "kill and name all"),
        (
          .killed(nil), "swinit: grace period (5s) expired: killed the remaining processes\n"
        ),
        (.reported, "wait until 7000 ms"),
      ])
  }

  @Test("swinit's own TERM is rewritten with --kill-after as without it")
  func rewrittenTerminate() throws {
    let options = [
      ("TERM:QUIT", " by SIGQUIT", "SIGQUIT"), ("TERM:RTMIN+3", " by SIGRTMIN+3", "SIGRTMIN+3"),
    ]
    for (rewrite, all, group) in options {
      try live(
        with: "-k 5s -r \(rewrite)",
        [
          (.started, "reap"), (.command(.exited(0)), "reap"),
          (.swept(hasChildren: true), "read the clock"),
          (.clock(milliseconds: 0), "tell all\(all)"),
        ])
      try live(
        with: "-r \(rewrite)",
        [
          (.started, "reap"), (.command(.exited(0)), "reap"),
          (.swept(hasChildren: true), "tell the rest of the group \(group)"),
          (.signalledDescendants(found: false), "exit 0"),
        ])
    }
  }

  @Test("With --kill-after, swinit's own TERM is sent to no process where TERM is dropped")
  func droppedTerminate() throws {
    try live(
      with: "-k 5s -r TERM:0",
      [
        (.started, "reap"), (.command(.exited(0)), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "read the memory"), (.memory(nil), "wait until 5000 ms"),
        (.deadline(milliseconds: 5_000), "kill and name all"),
      ])
  }

  @Test("A process had swinit's TERM if its group was forwarded what TERM is rewritten to")
  func rewrittenForward() throws {
    try live(
      with: "-k infinity -r TERM:QUIT", from: .idle,
      [
        (.signal(.terminate), "send SIGQUIT to group 12"),
        (.sent(nil, at: Tick(rawValue: 9)), "reap"), (.command(.exited(0)), "reap"),
        (.swept(hasChildren: true), "tell all but the group before tick 9 by SIGQUIT"),
      ])
  }

  @Test("With --single-child, no signal is sent to any process after the command's exit")
  func singleChildAfterExit() throws {
    try live(
      with: "-c -k 5s", from: .grace,
      [
        (.signal(.hangup), "wait until 5000 ms"),
        (.signal(.terminate), "wait until 5000 ms"),
      ])
  }

  @Test("swinit names up to eight processes that SIGKILL did not end")
  func survivors() throws {
    let killed: [(Event, String)] = [
      (.started, "reap"), (.command(.exited(4)), "reap"),
      (.swept(hasChildren: true), "read the clock"), (.clock(milliseconds: 0), "tell all"),
      (.signalledDescendants(found: true), "read the memory"),
      (.memory(nil), "wait until 0 ms"), (.deadline(milliseconds: 0), "kill and name all"),
      (.killed([:]), "wait until 2000 ms"), (.deadline(milliseconds: 2_000), "reap"),
      (.swept(hasChildren: true), "find a survivor after 0"),
    ]
    func survivor(_ number: Int32, then action: String) -> [(Event, String)] {
      [
        (
          .survivor(ProcessID(rawValue: number)),
          "swinit: process \(number) has not exited after SIGKILL: state ?\n"
        ),
        (.reported, action),
      ]
    }
    try live(
      with: "-k 0",
      killed + survivor(20, then: "find a survivor after 20") + [(.survivor(nil), "exit 4")])
    let seven = (20..<27 as Range<Int32>)
      .flatMap { survivor($0, then: "find a survivor after \($0)") }
    try live(with: "-k 0", killed + seven + survivor(27, then: "exit 4"))
    try live(with: "-k 0", killed.dropLast() + [(.swept(hasChildren: false), "exit 4")])
  }

  @Test("No signal is sent any more once SIGKILL has not ended all descendants in time")
  func signalsAfterExpiry() throws {
    try live(
      with: "-k 0 -v",
      [
        (.started, "swinit: started 'cmd' as process 12\n"), (.reported, "reap and usage"),
        (.swept(hasChildren: true), "read the clock"), (.clock(milliseconds: 0), "wait briefly"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "swinit: forwarded SIGTERM from process 7 to process group 12\n"),
        (.reported, "reap and usage"), (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "read the memory"), (.memory(nil), "wait until 0 ms"),
        (.deadline(milliseconds: 0), "kill and name all"),
        (.killed([12: "cmd"]), "swinit: grace period (0ms) expired: killed 1 process\n"),
        (.reported, "wait until 2000 ms"), (.signal(.childChanged), "reap and usage"),
        (
          .command(.killed(by: .kill)), "swinit: 'cmd' (process 12) was killed by SIGKILL\n"
        ),
        (.reported, "reap and usage"),
        // The clock is read for the summary before the rest is killed once more.
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 2_000), "reap and usage"),
        (.swept(hasChildren: true), "find a survivor after 0"),
      ])
  }

  @Test("swinit looks for no survivor of SIGKILL once it cannot wait for its children")
  func survivorsUnknown() throws {
    try live(
      with: "-k 0", from: killedCommand,
      [
        (.deadline(milliseconds: 2_000), "reap"),
        (
          .broken(.notPermitted), "swinit: cannot wait for 'cmd': Operation not permitted\n"
        ),
        (.reported, "exit 125"),
      ])
  }

  @Test("Nothing is reported at the deadline when no process is killed")
  func nobodyKilled() throws {
    try live(
      with: "-k 0",
      [
        (.started, "reap"),
        (.command(.exited(4)), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "tell all"),
        (.signalledDescendants(found: true), "read the memory"),
        (.memory(nil), "wait until 0 ms"),
        (.deadline(milliseconds: 0), "kill and name all"),
        (.killed([:]), "wait until 2000 ms"),
      ])
  }

  @Test("--pause reports the orphans that it reaps")
  func pause() throws {
    try live(
      with: "-P -k 5s", from: .idle(after: .paused),
      [
        (.signal(.terminate), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "tell all"),
        (.signalledDescendants(found: true), "wait until 5000 ms"),
        (.signal(.terminate), "wait until 5000 ms"),
        (.signal(.childChanged), "reap"),
        (.swept(hasChildren: false), "exit 0"),
      ])
  }

  @Test("--pause writes no exit report")
  func pauseWithoutSummary() throws {
    try live(
      with: "-P -k 5s -v",
      [
        (.paused, "swinit: pausing: reaping orphans until a stop signal\n"),
        (.reported, "reap"),
        (.swept(hasChildren: false), "wait briefly"),
        (.noSignal, "read the memory"),
        (.memory(nil), "wait"),
        (.signal(.terminate), "reap"),
        (.swept(hasChildren: false), "exit 0"),
      ])
  }
}
