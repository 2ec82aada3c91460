import Foundation
import Glibc
import TestSupport
import Testing

/// The shape of `docker run -it`: swinit itself is the leader of the terminal's session.
@Suite("swinit as leader of the terminal's session", .mostlyWaits) struct SessionLeaderTests {
  /// A shell under swinit has job control, and its status is swinit's.
  @Test(
    "A shell under a session leader swinit has job control, and its status is swinit's",
    arguments: Place.available)
  func givesJobControl(at place: Place) throws {
    let terminal = try Terminal(
      [Swinit.path] + Shell.bash.command, at: place, environment: Terminal.variables)
    // No word that there is no job control comes before the first prompt.
    let greeting = try terminal.text(before: Shell.prompt)
    #expect(!greeting.contains("bash"))
    try terminal.enter("$P ready cat")
    try terminal.expect("ready\r\n")
    try terminal.expectEcho(of: "first")
    try terminal.type(Key.suspend)
    try terminal.expect("Stopped")
    try terminal.expect(Shell.prompt)
    try terminal.enter("fg")
    try terminal.expect("cat\r\n")
    try terminal.wait(for: "lines") { terminal.isByLine }
    try terminal.expectEcho(of: "second")
    try terminal.expectStatus(128 + SIGINT, after: Key.interrupt)
    try terminal.enter("exit 7")
    let ending = try terminal.ending()
    #expect(ending == .exited(7))
  }

  /// The command receives what the keys send, and the changes of the window size, once each.
  @Test(
    "The keys and the window size reach the command of a session leader once",
    arguments: Place.available)
  func givesKeys(at place: Place) throws {
    let terminal = try Terminal([Swinit.path, probe, "members", "1"], at: place)
    try terminal.expect("0 ready\r\n")
    try terminal.type(Key.interrupt)
    try terminal.expect("0 \(SIGINT)\r\n")
    try terminal.resize(rows: 30, columns: 100)
    try terminal.expect("0 \(SIGWINCH)\r\n")
    try terminal.run.signal(SIGTERM)
    // The kernel may echo a key, such as ^C, only after its signal has been taken.
    let before = try terminal.text(before: "0 \(SIGTERM)\r\n")
    #expect(!before.contains("0 "))
  }

  /// When the terminal is closed, COMMAND is told as it would be without swinit, and the session
  /// ends.
  @Test(
    "The session ends when its terminal is closed, as it does without swinit",
    arguments: Place.available)
  func endsWithTheTerminal(at place: Place) throws {
    let run: Run
    do {
      let terminal = try Terminal([Swinit.path, "cat"], at: place)
      try terminal.expectEcho(of: "hello")
      run = terminal.run
    }
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGHUP) || ending == .exited(0) || ending == .exited(1))
  }

  @Test(
    "A command under a shell is sent HUP when the terminal is closed", arguments: Shell.available)
  func hangsUp(shell: Shell) throws {
    let directory = try TemporaryDirectory()
    let file = directory("signal")
    let run: Run
    do {
      let terminal = try Terminal.shell(shell)
      let command =
        "sh -c 'trap \"echo HUP >\(file); exit\" HUP; echo ready; while :; do read -r line || sleep 1; done'"
      try terminal.enter("$S \(command)")
      try terminal.expect("ready\r\n")
      try terminal.expectForeground(terminal.run.command())
      run = terminal.run
    }
    try run.wait(until: "the command has received HUP") {
      (try? String(contentsOfFile: file, encoding: .utf8)) == "HUP\n"
    }
    try run.wait(until: "swinit exits") { run.supervisorIfRunning == nil }
  }

  @Test(
    "PID 1 on a terminal continues a command that ^Z stopped, and ^C kills the command",
    .needs(.namespaces))
  func continuesAfterSuspendKey() throws {
    let terminal = try Terminal(
      [Swinit.path, probe, "ready", "cat"], at: .processOne, environment: Terminal.variables)
    try terminal.expect("ready\r\n")
    try terminal.expectEcho(of: "first")
    for round in 1...3 {
      try terminal.type(Key.suspend)
      try terminal.expectEcho(of: "round \(round)")
    }
    try terminal.type(Key.suspend + Key.interrupt)
    let ending = try terminal.ending()
    #expect(ending == .exited(128 + SIGINT))
  }

  /// Only a new descriptor of the terminal tells whether swinit's job is the foreground there.
  @Test(
    "PID 1 without /dev/tty and without a shell continues a command that ^Z stopped",
    .needs(.root), .needs(.namespaces))
  func continuesWithoutTerminalDevice() throws {
    let hide = ["sh", "-c", "mount -t tmpfs none /dev && exec \"$@\"", "sh"]
    let terminal = try Terminal(
      ["unshare", "-fpm", "--mount-proc", "--kill-child"] + hide
        + [Swinit.path, probe, "ready", "cat"], environment: Terminal.variables)
    try terminal.expect("ready\r\n")
    try terminal.expectEcho(of: "first")
    try terminal.type(Key.suspend)
    try terminal.expectEcho(of: "second")
    try terminal.type(Key.suspend + Key.interrupt)
    let ending = try terminal.ending()
    #expect(ending == .exited(128 + SIGINT))
  }

  @Test(
    "A stop signal that an engine sends to PID 1 stops the command until SIGCONT",
    .needs(.namespaces),
    arguments: [SIGTSTP, SIGTTIN])
  func keepsEnginesStop(signal: Int32) throws {
    let terminal = try Terminal(
      [Swinit.path, probe, "ready", "cat"], at: .processOne, environment: Terminal.variables)
    try terminal.expect("ready\r\n")
    try terminal.expectEcho(of: "first")
    let command = try terminal.run.command()
    try terminal.run.signal(signal)
    try terminal.wait(for: "the command to stop") { state(of: command) == "T" }
    // CHLD, whose number is lower, has been taken before this signal is forwarded.
    try terminal.run.signal(40)
    try terminal.wait(for: "signal 40 to be pending") {
      status(of: command, "ShdPnd") == "0000008000000000"
    }
    #expect(state(of: command) == "T")
    try terminal.run.signal(SIGCONT)
    let ending = try terminal.ending()
    #expect(ending == .exited(128 + 40))
  }

  @Test(
    "A command can read after a background job of its own took the terminal and exited",
    .needs(.namespaces), arguments: ["reaped", "unreaped"])
  func readsAfterThief(thief: String) throws {
    let terminal = try Terminal(
      [Swinit.path, probe, "with-stolen-terminal", thief, "cat"], at: .processOne,
      environment: Terminal.variables)
    try terminal.expect("stolen\r\n")
    try terminal.expectEcho(of: "mine")
    try terminal.type(Key.endOfFile)
    let ending = try terminal.ending()
    #expect(ending == .exited(0))
  }

  /// ^Z can't stop a session's leader either: COMMAND goes on at once.
  @Test("^Z does not stop the command of a session leader for good")
  func isNotStopped() throws {
    let terminal = try Terminal([Swinit.path, probe, "ready", "cat"])
    try terminal.expect("ready\r\n")
    try terminal.expectEcho(of: "first")
    for round in 1...3 {
      try terminal.type(Key.suspend)
      try terminal.expectEcho(of: "round \(round)")
    }
    try terminal.type(Key.endOfFile)
    let ending = try terminal.ending()
    #expect(ending == .exited(0))
  }
}
