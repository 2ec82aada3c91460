import Supervision
import Testing

@Suite("What swinit does on a terminal")
struct JobControlTests {
  @Test("it stops with COMMAND, and hands the terminal over as it goes on")
  func suspended() throws {
    try live(
      isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.command(.stopped(by: .terminalStop)), "stop the whole group by SIGTSTP"),
        (.resumed, "hand the terminal to 12"),
        (.handedTerminal(true), "send SIGCONT to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "settle"),
        (.settled, "read the memory"),
        (.memory(nil), "wait"),
      ])
  }

  @Test("it stops like a COMMAND that needs the terminal, unless it can be given")
  func needsTerminal() throws {
    try live(
      isPID1: false,
      [
        (.started, "reap"),
        (.command(.stopped(by: .terminalInput)), "hand the terminal to 12"),
        (.handedTerminal(false), "stop by SIGTTIN"),
        (.resumed, "hand the terminal to 12"),
        (.handedTerminal(false), "send SIGCONT to group 12"),
        (.sent(nil), "reap"),
        (.command(.stopped(by: .terminalOutput)), "hand the terminal to 12"),
        (.handedTerminal(true), "send SIGCONT to group 12"),
        (.sent(nil), "reap"),
      ])
  }

  @Test("a COMMAND that nobody can give the terminal to is left stopped, and still told to end")
  func leftStopped() throws {
    try live(
      isPID1: false,
      [
        (.startedInBackground, "reap"),
        (.command(.stopped(by: .terminalInput)), "hand the terminal to 12"),
        (.handedTerminal(false), "stop by SIGTTIN"),
        (.leftStopped, "reap"),
        (.swept(hasChildren: true), "settle"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "send SIGCONT to group 12"),
        (.sent(nil), "read the memory"),
      ])
  }

  @Test("a COMMAND that STOP stops takes swinit with it on a terminal only")
  func stoppedForCertain() throws {
    try live(
      isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.command(.stopped(by: .stop)), "stop the whole group by SIGTSTP"),
      ])
    try live(
      isPID1: false,
      [
        (.started, "reap"), (.command(.stopped(by: .stop)), "reap"),
        (.swept(hasChildren: true), "settle"),
        (.settled, "read the memory"),
        (.memory(nil), "wait"),
      ])
  }

  @Test("CONT hands the terminal over before it is forwarded")
  func continued() throws {
    try live(
      isPID1: false,
      [
        (.started, "reap"),
        (.swept(hasChildren: true), "settle"),
        (.settled, "read the memory"),
        (.memory(nil), "wait"),
        (.signal(.continue), "hand the terminal to 12"),
        (.handedTerminal(true), "send SIGCONT to group 12"),
        (.sent(nil), "wait"),
      ])
  }

  @Test("the terminal is taken back when COMMAND has ended")
  func reclaimed() throws {
    try live(
      isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.command(.exited(0)), "take the terminal from 12"),
        (.reclaimedTerminal, "reap"),
        (.swept(hasChildren: false), "exit 0"),
      ])
  }

  @Test("as PID 1 it doesn't stop, and CONT goes on to COMMAND")
  func first() throws {
    try live([
      (.startedOnTerminal, "reap"),
      (.command(.stopped(by: .terminalStop)), "reap"),
      (.swept(hasChildren: true), "settle"),
      (.settled, "read the memory"),
      (.memory(nil), "wait"),
      (.signal(.continue), "send SIGCONT to group 12"),
      (.sent(nil), "wait"),
      (.signal(.childChanged), "reap"),
      (.command(.exited(0)), "take the terminal from 12"),
      (.reclaimedTerminal, "reap"),
    ])
  }

  @Test("it doesn't stop once the end has begun, since it has a deadline to keep")
  func ending() throws {
    try live(
      with: "-k 5s", isPID1: false,
      [
        (.startedOnTerminal, "reap"),
        (.swept(hasChildren: true), "settle"),
        (.settled, "read the memory"),
        (.memory(nil), "wait"),
        (.signal(.terminate), "send SIGTERM to group 12"),
        (.sent(nil), "reap"),
        (.swept(hasChildren: true), "read the clock"),
        (.clock(milliseconds: 0), "wait until 5000 ms"),
        (.signal(.childChanged), "reap"),
        (.command(.stopped(by: .terminalStop)), "reap"),
      ])
  }
}
