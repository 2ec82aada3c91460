import Testing

@testable import Supervision

@Suite("The supervisor with a stop delay") struct StopDelayTests {
  private let idle: [(Event, String)] = [
    (.started, "reap"), (.swept(hasChildren: true), "wait briefly"), (.noSignal, "read the memory"),
    (.memory(nil), "wait"),
  ]

  @Test(
    "The first stop signal is forwarded when the delay is over, and the grace period begins then")
  func delay() throws {
    try live(
      with: "--stop-delay 3s -k 5s",
      idle + [
        (.signal(.terminate), "read the clock"),
        (.clock(milliseconds: 1_000), "wait until 4000 ms"),
        (.signal(.hangup), "send SIGHUP to group 12"),
        (.sent(nil), "wait until 4000 ms"),
        (.deadline(milliseconds: 4_000), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "wait until 9000 ms"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "wait until 9000 ms"),
        (.deadline(milliseconds: 9_000), "kill and name all"),
      ])
  }

  @Test("The supervisor forwards a delayed stop signal, and then the one that released it")
  func second() throws {
    for options in ["--stop-delay 3s", "--stop-delay 3s -k infinity"] {
      try live(
        with: options,
        idle + [
          (.signal(.terminate), "read the clock"),
          (.clock(milliseconds: 1_000), "wait until 4000 ms"),
          (.signal(.interrupt), "send SIGTERM to group 12"),
          (.sent(nil), "send SIGINT to group 12"),
          (.sent(nil), "reap"),
          (.swept(hasChildren: true), "wait"),
          (.signal(.terminate), "send SIGTERM to group 12"),
          (.sent(nil), "reap"),
        ])
    }
  }

  @Test("At -v, swinit reports that it waits, why, and what it forwards then")
  func verbose() throws {
    try live(
      with: "--stop-delay 3s -v",
      [
        (.started, "swinit: started 'cmd' as process 12\n"), (.reported, "reap and usage"),
        (.swept(hasChildren: true), "read the clock"), (.clock(milliseconds: 0), "wait briefly"),
        (.noSignal, "read the memory"), (.memory(nil), "wait"),
        (
          .signal(.terminate),
          "swinit: waiting 3s before forwarding SIGTERM from process 7, as --stop-delay asks\n"
        ),
        (.reported, "read the clock"),
        (.clock(milliseconds: 1_000), "wait until 4000 ms"),
        (.signal(.interrupt), "send SIGTERM to group 12"),
        (.sent(nil), "swinit: forwarded SIGTERM from process 7 to process group 12\n"),
        (.reported, "send SIGINT to group 12"),
        (.sent(nil), "swinit: forwarded SIGINT from process 7 to process group 12\n"),
        (.reported, "reap and usage"),
      ])
  }

  @Test("A HUP from the kernel is forwarded without a delay, and releases a delayed signal")
  func hangup() throws {
    let hangup = Event.received(ReceivedSignal(.hangup, from: .kernel))
    try live(
      with: "--stop-delay 3s",
      idle + [
        (hangup, "send SIGHUP to group 12"), (.sent(nil), "reap"),
        (.swept(hasChildren: true), "wait"),
        (.signal(.terminate), "send SIGTERM to group 12"),
      ])
    try live(
      with: "--stop-delay 3s",
      idle + [
        (.signal(.terminate), "read the clock"),
        (.clock(milliseconds: 1_000), "wait until 4000 ms"),
        (hangup, "send SIGTERM to group 12"), (.sent(nil), "send SIGHUP to group 12"),
      ])
  }

  @Test("The supervisor forwards no delayed signal after the command's exit")
  func exit() throws {
    try live(
      with: "--stop-delay 3s -k 5s",
      idle + [
        (.signal(.terminate), "read the clock"),
        (.clock(milliseconds: 1_000), "wait until 4000 ms"),
        (.signal(.childChanged), "reap"), (.command(.exited(3)), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 2_000), "tell all"),
        (.signalledDescendants(found: true), "wait until 7000 ms"),
      ])
    try live(
      with: "--stop-delay 3s",
      idle + [
        (.signal(.terminate), "read the clock"),
        (.clock(milliseconds: 1_000), "wait until 4000 ms"),
        (.signal(.childChanged), "reap"), (.command(.exited(3)), "reap"),
        (.swept(hasChildren: false), "exit 3"),
      ])
  }

  @Test("--stop-delay takes a duration that ends, and refuses infinity and --pause")
  func values() throws {
    for (value, meaning) in [
      ("10", "10000"), ("500ms", "500"), ("2m", "120000"), ("1m1.5s", "61500"),
    ] {
      #expect(try call("--stop-delay \(value) true").meaning == "stop-delay \(meaning) ms")
      #expect(
        try call("true", with: "SWINIT_STOP_DELAY=\(value)").meaning == "stop-delay \(meaning) ms")
    }
    #expect(try call("--stop-delay 0 true").meaning == "")
    for value in ["infinity", "x", "-1"] {
      #expect(try call("--stop-delay \(value) true").refusal.contains("--stop-delay"))
      #expect(
        try call("true", with: "SWINIT_STOP_DELAY=\(value)").refusal.contains("SWINIT_STOP_DELAY"))
    }
    for words in ["-P --stop-delay 1s", "--stop-delay 1s -P", "-P --wait", "--wait -P"] {
      #expect(try call(words).refusal.contains("' with '--pause'"))
    }
    #expect(try call("-P", with: "SWINIT_WAIT=1").refusal.contains("'--wait'"))
  }
}

@Suite("The supervisor with --wait") struct WaitTests {
  private let exited: [(Event, String)] = [
    (.started, "reap"), (.command(.exited(3)), "reap"),
    (.swept(hasChildren: true), "wait briefly"), (.noSignal, "read the memory"),
    (.memory(nil), "wait"),
  ]

  @Test("The command's descendants are waited for without being signalled, and its status is kept")
  func waits() throws {
    for options in ["--wait", "--wait -k 5s", "--wait -c"] {
      try live(
        with: options,
        exited + [
          (.signal(.childChanged), "reap"), (.orphan(30, .exited(1)), "reap"),
          (.swept(hasChildren: true), "wait"),
          (.signal(.childChanged), "reap"), (.swept(hasChildren: false), "exit 3"),
        ])
    }
  }

  @Test("A later stop signal goes to all descendants as rewritten and begins shutdown")
  func stop() throws {
    try live(
      with: "--wait -k 5s -c -r TERM:QUIT",
      exited + [
        (.signal(.terminate), "read the clock"),
        (.clock(milliseconds: 0), "tell all by SIGQUIT"),
        (.signalledDescendants(found: true), "wait until 5000 ms"),
        (.signal(.childChanged), "reap"), (.orphan(30, .exited(1)), "reap"),
        (.swept(hasChildren: true), "wait until 5000 ms"),
        (.signal(.interrupt), "tell all by SIGINT"),
        (.signalledDescendants(found: true), "wait until 5000 ms"),
        (.deadline(milliseconds: 5_000), "kill and name all"),
      ])
    try live(
      with: "--wait",
      exited + [
        (.signal(.terminate), "tell all"), (.signalledDescendants(found: true), "wait"),
        (.signal(.childChanged), "reap"), (.swept(hasChildren: false), "exit 3"),
      ])
  }

  @Test("After the command's exit, a signal that is no stop signal goes to its process group")
  func others() throws {
    try live(
      with: "--wait",
      exited + [
        (.signal(.hangup), "tell the rest of the group SIGHUP"),
        (.signalledDescendants(found: true), "wait"),
      ])
    try live(with: "--wait -c", exited + [(.signal(.hangup), "wait")])
  }

  @Test("A stop signal after the command's exit is held back for the stop delay")
  func delay() throws {
    try live(
      with: "--wait --stop-delay 3s",
      exited + [
        (.signal(.terminate), "read the clock"),
        (.clock(milliseconds: 0), "wait until 3000 ms"),
        (.signal(.childChanged), "reap"), (.swept(hasChildren: true), "wait until 3000 ms"),
        (.deadline(milliseconds: 3_000), "tell all"),
        (.signalledDescendants(found: true), "wait"),
      ])
    try live(
      with: "--wait --stop-delay 3s",
      exited + [
        (.signal(.terminate), "read the clock"),
        (.clock(milliseconds: 0), "wait until 3000 ms"),
        (.signal(.interrupt), "tell all"),
        (.signalledDescendants(found: true), "tell all by SIGINT"),
      ])
  }

  @Test("If shutdown began before the command's exit, its descendants are asked to terminate")
  func begunBefore() throws {
    let idle: [(Event, String)] = [
      (.started, "reap"), (.swept(hasChildren: true), "wait briefly"),
      (.noSignal, "read the memory"),
      (.memory(nil), "wait"),
    ]
    try live(
      with: "--wait",
      idle + [
        (.signal(.interrupt), "send SIGINT to group 12"), (.sent(nil), "reap"),
        (.command(.exited(0)), "reap"), (.swept(hasChildren: true), "tell all"),
        (.signalledDescendants(found: true), "wait"),
      ])
  }

  @Test(
    "With --wait, the command's exit releases a delayed signal to its descendants, as rewritten")
  func release() throws {
    let delayed: [(Event, String)] = [
      (.started, "reap"), (.swept(hasChildren: true), "wait briefly"),
      (.noSignal, "read the memory"), (.memory(nil), "wait"),
      (.signal(.interrupt), "read the clock"),
      (.clock(milliseconds: 0), "wait until 3000 ms"), (.signal(.childChanged), "reap"),
      (.command(.exited(4)), "reap"),
    ]
    try live(
      with: "--wait --stop-delay 3s -k 5s -r INT:QUIT",
      delayed + [
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "tell all by SIGQUIT"),
        (.signalledDescendants(found: true), "wait until 6000 ms"),
        (.signal(.terminate), "tell all"),
        (.signalledDescendants(found: true), "wait until 6000 ms"),
      ])
    try live(
      with: "--wait --stop-delay 3s",
      delayed + [
        (.swept(hasChildren: true), "tell all by SIGINT"),
        (.signalledDescendants(found: true), "wait"),
      ])
    try live(
      with: "--wait --stop-delay 3s", delayed + [(.swept(hasChildren: false), "exit 4")])
  }

  @Test("At -v, swinit reports what it forwards, and drops, after the command's exit")
  func verbose() throws {
    try live(
      with: "--wait -v -r HUP:0",
      [
        (.started, "swinit: started 'cmd' as process 12\n"), (.reported, "reap and usage"),
        (.command(.exited(3)), "swinit: 'cmd' (process 12) exited with status 3\n"),
        (.reported, "reap and usage"), (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "wait briefly"), (.noSignal, "read the memory"),
        (.memory(nil), "wait"), (.signal(.hangup), "swinit: dropped SIGHUP from process 7\n"),
        (.reported, "wait"), (.signal(.quit), "tell the rest of the group SIGQUIT"),
        (
          .signalledDescendants(found: true),
          "swinit: sent SIGQUIT to the remaining members of process group 12\n"
        ),
        (.reported, "wait"), (.signal(.quit), "tell the rest of the group SIGQUIT"),
        (.signalledDescendants(found: false), "wait"), (.signal(.interrupt), "tell all by SIGINT"),
        (
          .signalledDescendants(found: true),
          "swinit: sent SIGINT to the remaining descendants of 'cmd'; waiting for them\n"
        ),
        (.reported, "wait"),
      ])
  }
}
