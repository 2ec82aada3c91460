import Supervision
import Testing

@Suite("The supervisor")
struct SupervisorTests {
  @Test("swinit reaps until no child is left and exits with the command's status")
  func life() throws {
    try live(
      from: .idle,
      [
        (.signal(.childChanged), "reap"),
        (.orphan(30, .exited(1)), "reap"),
        (.command(.exited(7)), "reap"),
        (.orphan(31, .exited(2)), "reap"),
        (.swept(hasChildren: false), "exit 7"),
      ])
  }

  @Test(
    "A child is inspected before it is reaped only after a killed one, or with --warn-reaped"
  )
  func looks() throws {
    try live(
      from: .idle,
      [
        (.signal(.childChanged), "reap"),
        (.orphan(31, .killed(by: .terminate)), "reap"),
        (.orphan(32, .killed(by: .kill)), "read the memory in detail"),
        (
          .memory(nil),
          "swinit: process 32 (orphan) was killed by SIGKILL, which swinit did not send\n"
        ),
        (.reported, "reap with names of the killed"),
        (.orphan(33, .exited(0)), "reap with names of the killed"),
        (.swept(hasChildren: true), "wait"),
        (.childKilled, "reap with names of the killed"),
        (.swept(hasChildren: true), "wait"),
        (.signal(.childChanged), "reap"),
      ])
    try live(
      with: "-w",
      [
        (.started, "reap with names"),
        (.swept(hasChildren: true), "wait briefly"),
        (.childKilled, "reap with names"),
      ])
  }

  @Test("The memory counter is read once the command has run for a moment")
  func settling() throws {
    try live([
      (.started, "reap"),
      (.swept(hasChildren: true), "wait briefly"),
      (.signal(.childChanged), "reap"),
      (.command(.exited(7)), "reap"),
      (.swept(hasChildren: false), "exit 7"),
    ])
    try live([
      (.started, "reap"),
      (.swept(hasChildren: true), "wait briefly"),
      (.signal(.brokenPipe), "send SIGPIPE to group 12"),
      (.sent(nil), "read the memory"),
      (.memory(nil), "wait"),
    ])
    try live(
      with: "--zombie-check 1s",
      [
        (.started, "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "read the memory"),
        (.memory(nil), "wait until 1000 ms"),
      ])
  }

  @Test("The memory counter is first read after 5 ms, which is longer than a tick of most kernels")
  func deferralDuration() {
    var supervisor = Supervisor(options: Options())
    _ = supervisor.handle(.started)
    #expect(supervisor.handle(.swept(hasChildren: true)) == .waitBriefly(milliseconds: 5))
  }

  @Test("The command may exit before the first sweep and its process ID be reused in it")
  func numberUsedAgain() throws {
    try live(
      with: "-e 137:0",
      [
        (.started, "reap"),
        (.command(.killed(by: .kill)), "read the memory in detail"),
        (
          .memory(nil),
          "swinit: process 12 (cmd) was killed by SIGKILL, which swinit did not send\n"
        ),
        (.reported, "reap with names of the killed"),
        (.orphan(12, .exited(9)), "reap with names of the killed"),
        (.swept(hasChildren: false), "exit 0"),
      ])
  }

  @Test("A killed orphan that has the command's old process ID is not taken for the command")
  func killedByNumber() throws {
    let kills = { (count: Int64) in
      Event.memory(
        MemoryReading(kills: count, limit: 4096, peak: nil, now: Instant(nanoseconds: 0)))
    }
    try live(
      with: "-v -c",
      [
        (.started, "swinit: started 'cmd' as process 12\n"),
        (.reported, "reap and usage"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "wait briefly"),
        (.noSignal, "read the memory"),
        (kills(0), "read the cgroup"),
        (.cgroup(nil), "wait"),
        (.signal(.childChanged), "reap and usage"),
        (.command(.exited(0)), "swinit: 'cmd' (process 12) exited with status 0\n"),
        (.reported, "reap and usage"),
        (.orphan(12, .killed(by: .kill)), "read the memory in detail"),
        (
          kills(1),
          "swinit: out of memory: the kernel killed process 12 (orphan); limit 4 KiB\n"
        ),
        (.reported, "reap with names of the killed and usage"),
        (.orphan(12, .killed(by: .kill)), "read the memory in detail"),
        (
          kills(1),
          "swinit: process 12 (orphan) was killed by SIGKILL, which swinit did not send\n"
        ),
        (.reported, "reap with names of the killed and usage"),
        (.swept(hasChildren: false), "read the clock"),
        (
          .clock(milliseconds: 1),
          "swinit: 'cmd' (process 12) ran for 1ms; peak memory 0 KiB, CPU time 0ms; orphans "
            + "reaped: 2\n"
        ),
        (.reported, "exit 0"),
      ])
  }

  @Test(
    "Remaining members of the group get no SIGTERM with --single-child, or when TERM is dropped",
    arguments: ["-c", "-r TERM:0"])
  func notCleared(words: String) throws {
    try live(
      with: words,
      [
        (.started, "reap"), (.command(.exited(0)), "reap"), (.swept(hasChildren: true), "exit 0"),
      ])
  }

  @Test("A signal goes to the command's group, and to the command alone if the group is empty")
  func forwarding() throws {
    try live(
      from: .idle,
      [
        (.signal(.brokenPipe), "send SIGPIPE to group 12"),
        (.sent(.noSuchProcess), "send SIGPIPE to process 12"),
        (.sent(nil), "wait"),
      ])
  }

  @Test("A signal goes to the command alone with --single-child, and nowhere when it is dropped")
  func singleChild() throws {
    try live(
      with: "-c -r USR1:0", from: .idle,
      [
        (.signal(.brokenPipe), "send SIGPIPE to process 12"),
        (.sent(nil), "wait"),
        (.signal(Signal(rawValue: 10)), "wait"),
      ])
  }

  @Test("A signal that cannot be sent is reported once")
  func notPermitted() throws {
    try live(
      from: .idle,
      [
        (.signal(.brokenPipe), "send SIGPIPE to group 12"),
        (
          .sent(.notPermitted),
          "swinit: cannot send SIGPIPE to process group 12: Operation not permitted\n"
        ),
        (.reported, "wait"),
        (.signal(.brokenPipe), "send SIGPIPE to group 12"),
        (.sent(.notPermitted), "wait"),
      ])
  }

  @Test("--verbose reports each action")
  func verbose() throws {
    try live(
      with: "-vv -r USR1:0",
      [
        (.started, "swinit: started 'cmd' as process 12\n"),
        (.reported, "reap and usage"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 1_000), "wait briefly"),
        (.noSignal, "read the memory"),
        (.memory(nil), "wait"),
        (.signal(Signal(rawValue: 10)), "swinit: dropped SIGUSR1 from process 7\n"),
        (.reported, "wait"),
        (.signal(.childChanged), "reap and usage"),
        (.orphan(30, .exited(1)), "swinit: reaped process 30, which exited with status 1\n"),
        (.reported, "reap and usage"),
        (.command(.killed(by: .kill)), "swinit: 'cmd' (process 12) was killed by SIGKILL\n"),
        (.reported, "read the memory in detail"),
        (.memory(nil), "reap with names of the killed and usage"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 2_500), "tell the rest of the group SIGTERM"),
        (
          .signalledDescendants(found: true),
          "swinit: sent SIGTERM to the remaining members of process group 12\n"
        ),
        (
          .reported,
          "swinit: 'cmd' (process 12) ran for 1.5s; peak memory 0 KiB, CPU time 0ms; orphans "
            + "reaped: 1\n"
        ),
        (.reported, "exit 137"),
      ])
  }

  @Test("--warn-reaped reports each orphan with its name")
  func warnReaped() throws {
    try live(
      with: "-w",
      [
        (.started, "reap with names"),
        (
          .orphan(30, .exited(1)), "swinit: reaped orphan 30 (orphan), which exited with status 1\n"
        ),
        (.reported, "reap with names"),
      ])
  }

  @Test("A stop signal continues a stopped command, and other signals do not")
  func stopped() throws {
    try live([
      (.startedInBackground, "reap"),
      (.command(.stopped(by: .stop)), "reap"),
      (.swept(hasChildren: true), "wait briefly"),
      (.noSignal, "read the memory"),
      (.memory(nil), "wait"),
      (.signal(.brokenPipe), "send SIGPIPE to group 12"),
      (.sent(nil), "wait"),
      (.signal(.terminate), "send SIGTERM to group 12"),
      (.sent(nil), "send SIGCONT to group 12"),
      (.sent(nil), "wait"),
    ])
  }

  @Test("A stop signal continues a command whose stop swinit has not yet noticed")
  func stoppedUnknown() throws {
    try live(
      from: .idle,
      [
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.command(.stopped(by: .stop)), "reap"),
        (.swept(hasChildren: true), "send SIGCONT to group 12"),
        (.sent(nil), "wait"),
        (.signal(.childChanged), "reap"),
      ])
  }

  @Test("Without a terminal, sweeps look for stopped commands only after a stop signal")
  func looksForStops() throws {
    var supervisor = Supervisor(options: Options())
    let sweep = { (stops: Bool) in Action.reap(Inspection(stops: stops)) }
    #expect(supervisor.handle(.started) == sweep(false))
    _ = supervisor.handle(.swept(hasChildren: true))
    #expect(supervisor.handle(.signal(.childChanged)) == sweep(false))
    _ = supervisor.handle(.swept(hasChildren: true))
    _ = supervisor.handle(.signal(.terminate))
    #expect(supervisor.handle(.sent(nil)) == sweep(true))
    _ = supervisor.handle(.swept(hasChildren: true))
    #expect(supervisor.handle(.signal(.childChanged)) == sweep(false))
    var onTerminal = Supervisor(options: Options())
    #expect(onTerminal.handle(.startedInBackground) == sweep(true))
  }

  @Test("A command that was continued since the last stop signal gets no second SIGCONT")
  func continuedByAnother() throws {
    try live(
      from: .idle,
      [
        (.signal(.interrupt), "send SIGINT to group 12"),
        (.sent(nil), "reap"),
        (.command(.stopped(by: .stop)), "reap"),
        (.swept(hasChildren: true), "send SIGCONT to group 12"),
        (.sent(nil), "wait"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.command(.continued), "reap"),
        (.swept(hasChildren: true), "wait"),
      ])
  }

  @Test("A signal that is rewritten to a stopping one is not followed by SIGCONT")
  func rewrittenToStop() throws {
    try live(
      with: "-r TERM:STOP", from: .idle,
      [
        (.signal(.terminate), "send SIGSTOP to group 12"),
        (.sent(nil), "wait"),
      ])
  }

  @Test("swinit exits when the command's status is lost")
  func lost() throws {
    try live([
      (.started, "reap"),
      (
        .swept(hasChildren: false),
        "swinit: cannot determine how 'cmd' terminated: the kernel has no status of it\n"
      ),
      (.reported, "exit 125"),
    ])
  }

  @Test("swinit exits when it cannot wait for the command")
  func broken() throws {
    try live([
      (.started, "reap"),
      (.broken(.notPermitted), "swinit: cannot wait for 'cmd': Operation not permitted\n"),
      (.reported, "exit 125"),
    ])
  }

  @Test("--pause reaps until a stop signal arrives", arguments: [Signal.terminate, .interrupt])
  func pause(signal: Signal) throws {
    try live(
      with: "-P",
      [
        (.paused, "reap"),
        (.swept(hasChildren: false), "wait briefly"),
        (.noSignal, "read the memory"),
        (.memory(nil), "wait"),
        (.signal(.hangup), "wait"),
        (.signal(.childChanged), "reap"),
        (.orphan(30, .exited(1)), "reap"),
        (.swept(hasChildren: true), "wait"),
        (.signal(signal), "reap"),
        (.orphan(31, .exited(1)), "reap"),
        (.swept(hasChildren: true), "exit 0"),
      ])
  }
}
