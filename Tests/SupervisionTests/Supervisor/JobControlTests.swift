import Supervision
import Testing

@Suite("The supervisor's job control")
struct JobControlTests {
  /// ^Z has stopped the command, and swinit has taken the terminal back.
  private let stoppedByKey: [(Event, String)] = [
    (.startedOnTerminal, "reap"), (.command(.stopped(by: .terminalStop)), "reap"),
    (.swept(hasChildren: true), "take the terminal from 12"),
    (.reclaimedTerminal(.reclaimedFromCommand), "look for a signal"),
  ]

  private func kernel(_ signal: Signal) -> Event {
    .received(ReceivedSignal(signal, from: .kernel))
  }

  @Test("swinit stops its whole group when ^Z stops the command, and hands the terminal over again")
  func suspended() throws {
    try live(
      isPID1: false, from: stoppedByKey,
      [
        (.noSignal, "stop the whole group by SIGTSTP"),
        (.resumed, "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGCONT to group 12"),
        (.sent(nil), "wait briefly"),
      ])
  }

  @Test("A SIGTSTP that a process sends to the command alone does not stop swinit")
  func stoppedFromOutside() throws {
    try live(
      isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.command(.stopped(by: .terminalStop)), "reap"),
        (.swept(hasChildren: true), "take the terminal from 12"),
        (.reclaimedTerminal(.leftToOtherGroup), "wait briefly"),
      ])
  }

  @Test("swinit stops alone when a stop signal that it forwarded stops the command")
  func forwardedStop() throws {
    try live(
      isPID1: false, from: .idle(after: .startedInBackground),
      [
        (kernel(.terminalStop), "send SIGTSTP to group 12"),
        (.sent(nil), "wait"),
        (.signal(.childChanged), "reap"),
        (.command(.stopped(by: .terminalStop)), "reap"),
        (.swept(hasChildren: true), "take the terminal from 12"),
        (.reclaimedTerminal(.alreadyOwn), "look for a signal"),
        (.noSignal, "stop by SIGTSTP"),
        (.resumed, "send SIGCONT to group 12"),
      ])
  }

  @Test("A command that stops for lack of the terminal gets it, or the whole group stops")
  func needsTerminal() throws {
    try live(
      isPID1: false,
      [
        (.startedInBackground, "reap"),
        (.command(.stopped(by: .terminalInput)), "lend the terminal to 12"),
        (.lentTerminal(false), "reap"),
        (.swept(hasChildren: true), "look for a signal"),
        (.noSignal, "stop the whole group by SIGTTIN"),
        (.resumed, "lend the terminal to 12"),
        (.lentTerminal(false), "send SIGCONT to group 12"),
        (.sent(nil), "wait briefly"),
        (.signal(.childChanged), "reap"),
        (.command(.stopped(by: .terminalOutput)), "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGCONT to group 12"),
        (.sent(nil), "reap"),
      ])
  }

  @Test("A member of swinit's group that lacks the terminal gets it back from the command")
  func givesBackOnDemand() throws {
    for signal in [Signal.terminalInput, .terminalOutput] {
      try live(
        isPID1: false, from: .idle(after: .startedOnTerminal),
        [
          (kernel(signal), "take the terminal from 12"),
          (.reclaimedTerminal(.reclaimedFromCommand), "continue the own group"),
          (.continuedOwnGroup, "wait"),
        ])
    }
  }

  @Test("A nested swinit that lacks the terminal is identified by its process ID")
  func givesBackToNeighbour() throws {
    try live(
      isPID1: false, from: .idle(after: .startedOnTerminal),
      [
        (.signal(.terminalInput), "take the terminal from 12 for 7"),
        (.reclaimedTerminal(.leftToOtherGroup), "send SIGTTIN to group 12"),
        (.sent(nil), "wait"),
        (.signal(.terminalInput), "take the terminal from 12 for 7"),
        (.reclaimedTerminal(.reclaimedFromCommand), "continue the own group"),
      ])
  }

  @Test("The kernel's SIGTTIN is not forwarded while the command reads in the foreground")
  func jobInBackground() throws {
    try live(
      isPID1: false, from: .idle(after: .startedInBackground),
      [
        (kernel(.terminalInput), "take the terminal from 12"),
        (.reclaimedTerminal(.leftToOtherGroup), "send SIGTTIN to group 12"),
        (.sent(nil), "wait"),
        (kernel(.terminalInput), "take the terminal from 12"),
        (.reclaimedTerminal(.leftToCommand), "wait"),
      ])
  }

  @Test("A pending signal that asks the command to terminate keeps swinit from stopping")
  func signalBeforeStop() throws {
    try live(
      isPID1: false, from: stoppedByKey,
      [
        (.signal(Signal(rawValue: 10)), "send SIGUSR1 to group 12"),
        (.sent(nil), "look for another signal"),
        (.signal(.terminate), "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGTERM to group 12"),
        (.sent(nil), "send SIGCONT to group 12"),
        (.sent(nil), "look for another signal"),
        (.noSignal, "wait briefly"),
      ])
  }

  @Test("A command that swinit cannot give the terminal to stays stopped, and swinit tries again")
  func couldNotStop() throws {
    try live(
      isPID1: false,
      [
        (.startedInBackground, "reap"),
        (.command(.stopped(by: .terminalInput)), "lend the terminal to 12"),
        (.lentTerminal(false), "reap"),
        (.swept(hasChildren: true), "look for a signal"),
        (.noSignal, "stop the whole group by SIGTTIN"),
        (.couldNotStop, "wait briefly"),
        (.signal(.childChanged), "reap"),
        (.orphan(31, .exited(0)), "reap"),
        (.swept(hasChildren: true), "lend the terminal to 12"),
        (.lentTerminal(false), "read the memory"),
        (.memory(nil), "wait"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "send SIGCONT to group 12"),
        (.sent(nil), "wait"),
      ])
  }

  @Test("SIGSTOP stops the command alone, unless the command suspends itself in the foreground")
  func stoppedForCertain() throws {
    try live(
      isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.command(.stopped(by: .stop)), "reap"),
        (.swept(hasChildren: true), "examine the stop of 12"),
        (.examinedStop(hasStoppedItself: false), "wait briefly"),
      ])
    try live(
      isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.command(.stopped(by: .stop)), "reap"),
        (.swept(hasChildren: true), "examine the stop of 12"),
        (.examinedStop(hasStoppedItself: true), "take the terminal from 12"),
        (.reclaimedTerminal(.reclaimedFromCommand), "look for a signal"),
        (.noSignal, "stop by SIGTSTP"),
      ])
    try live(
      isPID1: false,
      [
        (.startedInBackground, "reap"), (.command(.stopped(by: .stop)), "reap"),
        (.swept(hasChildren: true), "examine the stop of 12"),
        (.examinedStop(hasStoppedItself: true), "take the terminal from 12"),
        (.reclaimedTerminal(.leftToOtherGroup), "wait briefly"),
      ])
  }

  @Test("swinit never stops itself without a terminal")
  func withoutTerminal() throws {
    for signal in [Signal.stop, .terminalStop, .terminalInput, .terminalOutput] {
      try live(
        isPID1: false,
        [
          (.started, "reap"), (.command(.stopped(by: signal)), "reap"),
          (.swept(hasChildren: true), "wait briefly"), (.noSignal, "read the memory"),
          (.memory(nil), "wait"),
        ])
    }
  }

  @Test("SIGCONT hands the terminal over again before it is forwarded")
  func continued() throws {
    try live(
      isPID1: false, from: .idle(after: .startedOnTerminal),
      [
        (.signal(.continue), "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGCONT to group 12"),
        (.sent(nil), "wait"),
      ])
    try live(
      isPID1: false, from: .idle(after: .startedInBackground),
      [
        (.signal(.continue), "send SIGCONT to group 12")
      ])
  }

  @Test("swinit takes the terminal back when the command has exited")
  func reclaimed() throws {
    try live(
      isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.command(.exited(0)), "take the terminal from 12"),
        (.reclaimedTerminal(.reclaimedFromCommand), "reap"),
        (.swept(hasChildren: false), "exit 0"),
      ])
    try live(
      isPID1: false,
      [
        (.startedInBackground, "reap"),
        (.command(.exited(0)), "take the terminal from 12"),
        (.reclaimedTerminal(.leftToOtherGroup), "reap"),
        (.swept(hasChildren: false), "exit 0"),
      ])
  }

  @Test("swinit takes the terminal back before it exits if remaining descendants had it")
  func reclaimedAtExit() throws {
    try live(
      with: "-k 5s", isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.command(.exited(0)), "take the terminal from 12"),
        (.reclaimedTerminal(.leftToOtherGroup), "reap"),
        (.swept(hasChildren: false), "take the terminal from 12"),
        (.reclaimedTerminal(.reclaimedFromEmptyGroup), "exit 0"),
      ])
  }

  @Test("The keyboard signal that killed the command is passed to swinit's whole group")
  func diesOfKey() throws {
    for signal in [Signal.interrupt, .quit] {
      let name = signal == .interrupt ? "SIGINT" : "SIGQUIT"
      let died = Event.command(.killed(by: signal, coreDumped: false))
      // SIGQUIT is no stop signal, so that a stopped command would not be continued.
      let next = signal == .interrupt ? "reap" : "wait"
      try live(
        isPID1: false,
        [
          (.startedOnTerminal, "reap"), (died, "take the terminal from 12"),
          (.reclaimedTerminal(.reclaimedFromCommand), "reap"),
          (.swept(hasChildren: false), "die with the whole group of \(name)"),
        ])
      // In the background it was a process that sent it.
      try live(
        isPID1: false,
        [
          (.startedOnTerminal, "reap"), (died, "take the terminal from 12"),
          (.reclaimedTerminal(.leftToOtherGroup), "reap"),
          (.swept(hasChildren: false), "exit \(128 + signal.rawValue)"),
        ])
      try live(
        isPID1: false, from: .idle(after: .startedInBackground),
        [
          (kernel(signal), "send \(name) to group 12"), (.sent(nil), next),
          (.signal(.childChanged), "reap"),
          (died, "take the terminal from 12"), (.reclaimedTerminal(.alreadyOwn), "reap"),
          (.swept(hasChildren: false), "die of \(name)"),
        ])
      try live(
        isPID1: false, from: .idle(after: .startedOnTerminal),
        [
          (.signal(signal), "send \(name) to group 12"), (.sent(nil), next),
          (.signal(.childChanged), "reap"),
          (died, "take the terminal from 12"), (.reclaimedTerminal(.reclaimedFromCommand), "reap"),
          (.swept(hasChildren: false), "exit \(128 + signal.rawValue)"),
        ])
    }
  }

  @Test("swinit exits normally after ^C if --exit-code maps the status, and as PID 1")
  func exitsAfterKey() throws {
    let died = Event.command(.killed(by: .interrupt, coreDumped: false))
    try live(
      with: "-e 130:3", isPID1: false,
      [
        (.startedOnTerminal, "reap"), (died, "take the terminal from 12"),
        (.reclaimedTerminal(.reclaimedFromCommand), "reap"), (.swept(hasChildren: false), "exit 3"),
      ])
    try live([
      (.startedOnTerminal, "reap"), (died, "take the terminal from 12"),
      (.reclaimedTerminal(.reclaimedFromCommand), "reap"), (.swept(hasChildren: false), "exit 130"),
    ])
  }

  @Test("PID 1 continues a command that ^Z stopped, but not one that an engine stopped")
  func first() throws {
    try live([
      (.startedOnTerminal, "reap"),
      (.command(.stopped(by: .terminalStop)), "send SIGCONT to group 12"),
      (.sent(nil), "reap"),
      (.command(.continued), "reap"),
      (.swept(hasChildren: true), "wait briefly"),
      (.noSignal, "read the memory"),
      (.memory(nil), "wait"),
      (.received(ReceivedSignal(.terminalStop, from: .outside)), "send SIGTSTP to group 12"),
      (.sent(nil), "wait"),
      (.signal(.childChanged), "reap"),
      (.command(.stopped(by: .terminalStop)), "reap"),
      (.swept(hasChildren: true), "wait"),
      (.signal(.continue), "lend the terminal to 12"),
      (.lentTerminal(true), "send SIGCONT to group 12"),
      (.sent(nil), "wait"),
    ])
  }

  @Test("With --single-child, a group that the terminal has stopped is continued as a group")
  func continuesGroup() throws {
    try live(
      with: "-c", isPID1: false, from: stoppedByKey,
      [
        (.noSignal, "stop the whole group by SIGTSTP"),
        (.resumed, "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGCONT to group 12"),
        (.sent(nil), "wait briefly"),
        (.signal(.childChanged), "reap"),
        (.command(.continued), "reap"),
        (.swept(hasChildren: true), "read the memory"),
        (.memory(nil), "wait"),
        (.signal(.continue), "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGCONT to process 12"),
      ])
    try live(
      with: "-c",
      [
        (.startedInBackground, "reap"),
        (.command(.stopped(by: .terminalInput)), "lend the terminal to 12"),
        (.lentTerminal(false), "reap"),
        (.swept(hasChildren: true), "look for a signal"),
        (.signal(.continue), "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGCONT to group 12"),
      ])
  }

  @Test("The terminal is taken back from a command that swinit gives up on")
  func reclaimedFromSurvivor() throws {
    for start in [Event.startedOnTerminal, .startedInBackground] {
      try live(
        isPID1: false,
        [
          (start, "reap"),
          (
            .broken(.notPermitted),
            "swinit: cannot wait for 'cmd': Operation not permitted\n"
          ),
          (.reported, "take the terminal from 12"),
          (.reclaimedTerminal(.reclaimedFromCommand), "exit 125"),
        ])
    }
  }

  @Test(
    "^Z stops swinit after the command's exit while it waits for descendants without a deadline")
  func afterExit() throws {
    let suspend = Event.received(ReceivedSignal(.terminalStop, from: .kernel))
    let exited: [(Event, String)] = [
      (.startedOnTerminal, "reap"), (.command(.exited(0)), "take the terminal from 12"),
      (.reclaimedTerminal(.reclaimedFromCommand), "reap"),
    ]
    let waiting: [(Event, String)] =
      exited + [
        (.swept(hasChildren: true), "wait briefly"), (.noSignal, "read the memory"),
        (.memory(nil), "wait"), (suspend, "tell the rest of the group SIGTSTP"),
        (.signalledDescendants(found: true), "look for a signal"),
      ]
    for options in ["--wait", "--wait -k 5s"] {
      try live(
        with: options, isPID1: false,
        waiting + [
          (.noSignal, "stop by SIGTSTP"), (.resumed, "tell the rest of the group SIGCONT"),
          (.signalledDescendants(found: true), "wait"),
        ])
      // A signal that came meanwhile is not kept until swinit continues.
      try live(
        with: options, isPID1: false,
        waiting + [
          (.signal(.continue), "tell the rest of the group SIGCONT"),
          (.signalledDescendants(found: true), "look for another signal"), (.noSignal, "wait"),
        ])
    }
    try live(
      with: "--wait", isPID1: false,
      waiting + [
        (.signal(.terminate), "tell all"),
        (.signalledDescendants(found: true), "look for another signal"), (.noSignal, "wait"),
      ])
    try live(
      with: "--wait -c", isPID1: false,
      waiting.dropLast(2) + [
        (suspend, "look for a signal"), (.noSignal, "stop by SIGTSTP"), (.resumed, "wait"),
      ])
    // The group has no members any more, and its number was another process's.
    try live(
      with: "--wait", isPID1: false,
      waiting.dropLast(2) + [
        (.signal(.childChanged), "reap"), (.orphan(12, .exited(0)), "reap"),
        (.swept(hasChildren: true), "wait"), (suspend, "look for a signal"),
        (.noSignal, "stop by SIGTSTP"), (.resumed, "wait"),
      ])
    // There is a deadline to keep, or swinit cannot stop.
    let limited: [(Event, String)] = [
      (.swept(hasChildren: true), "read the clock"), (.clock(milliseconds: 0), "tell all"),
      (.signalledDescendants(found: true), "read the memory"),
      (.memory(nil), "wait until 5000 ms"), (suspend, "tell the rest of the group SIGTSTP"),
      (.signalledDescendants(found: true), "wait until 5000 ms"),
    ]
    try live(with: "-k 5s", isPID1: false, exited + limited)
    try live(
      with: "--wait", isPID1: true,
      waiting.dropLast() + [(.signalledDescendants(found: true), "wait")])
  }

  @Test("A command that lacks the terminal may get it once shutdown keeps swinit from stopping")
  func lendingInsteadOfStopping() throws {
    try live(
      with: "-k 5s -r TERM:STOP", isPID1: false, from: .idle(after: .startedInBackground),
      [
        (.signal(.childChanged), "reap"),
        (.command(.stopped(by: .terminalInput)), "lend the terminal to 12"),
        (.lentTerminal(false), "reap"), (.swept(hasChildren: true), "look for a signal"),
        (.signal(.terminate), "send SIGSTOP to group 12"), (.sent(nil), "read the clock"),
        (.clock(milliseconds: 0), "look for another signal"),
        (.signal(.childChanged), "reap"),
        (.swept(hasChildren: true), "lend the terminal to 12"),
      ])
  }

  @Test("The terminal that swinit took back to stop is lent again when shutdown keeps it running")
  func lendingAgain() throws {
    try live(
      with: "-k 5s -r TERM:STOP", isPID1: false, from: stoppedByKey,
      [
        (.signal(.terminate), "send SIGSTOP to group 12"), (.sent(nil), "read the clock"),
        (.clock(milliseconds: 0), "look for another signal"), (.noSignal, "read the memory"),
        (.memory(nil), "wait until 5000 ms"),
        (.signal(.interrupt), "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGINT to group 12"), (.sent(nil), "send SIGCONT to group 12"),
      ])
  }

  @Test("swinit stops with the command before it scans for zombies")
  func stopBeforeScan() throws {
    try live(
      with: "--zombie-check 1s", isPID1: false,
      [
        (.startedOnTerminal, "reap"), (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "read the memory"), (.memory(nil), "wait until 1000 ms"),
        (.deadline(milliseconds: 1_000), "look for a signal"), (.signal(.childChanged), "reap"),
        (.command(.stopped(by: .terminalStop)), "reap"),
        (.swept(hasChildren: true), "look for another signal"),
        (.noSignal, "take the terminal from 12"),
        (.reclaimedTerminal(.reclaimedFromCommand), "look for a signal"),
        (.noSignal, "stop the whole group by SIGTSTP"),
        (.resumed, "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGCONT to group 12"), (.sent(nil), "count zombies"),
      ])
  }

  @Test("A command that gets the terminal since a stop signal is delayed is continued with it")
  func lendingDuringDelay() throws {
    try live(
      with: "--stop-delay 5s", isPID1: false, from: .idle(after: .startedInBackground),
      [
        (.signal(.childChanged), "reap"),
        (.command(.stopped(by: .terminalInput)), "lend the terminal to 12"),
        (.lentTerminal(false), "reap"), (.swept(hasChildren: true), "look for a signal"),
        (.signal(.terminate), "lend the terminal to 12"),
        (.lentTerminal(true), "send SIGCONT to group 12"), (.sent(nil), "read the clock"),
        (.clock(milliseconds: 0), "look for another signal"),
      ])
  }

  @Test("^Z stops swinit during an unlimited grace period")
  func unlimitedGrace() throws {
    try live(
      with: "-k infinity", isPID1: false, from: .idle(after: .startedOnTerminal),
      [
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "wait"),
        (.signal(.childChanged), "reap"),
        (.command(.stopped(by: .terminalStop)), "reap"),
        (.swept(hasChildren: true), "take the terminal from 12"),
        (.reclaimedTerminal(.reclaimedFromCommand), "look for a signal"),
        (.noSignal, "stop the whole group by SIGTSTP"),
      ])
  }

  @Test(
    "swinit doesn't stop during a limited grace period, and continues a command that ^Z stopped")
  func ending() throws {
    for signal in [Signal.terminalStop, .terminalInput] {
      try live(
        with: "-k 5s", isPID1: false, from: .idle(after: .startedOnTerminal),
        [
          (.signal(.terminate), "send SIGTERM to group 12"),
          (.sent(nil), "reap"),
          (.swept(hasChildren: true), "read the clock"),
          (.clock(milliseconds: 0), "wait until 5000 ms"),
          (.signal(.childChanged), "reap"),
          (
            .command(.stopped(by: signal)),
            signal == .terminalStop ? "send SIGCONT to group 12" : "lend the terminal to 12"
          ),
          (signal == .terminalStop ? .sent(nil) : .lentTerminal(false), "reap"),
          (.swept(hasChildren: true), "wait until 5000 ms"),
        ])
    }
  }
}
