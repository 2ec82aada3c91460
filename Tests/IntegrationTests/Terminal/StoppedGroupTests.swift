import Foundation
import Glibc
import TestSupport
import Testing

/// Stops that concern more than the command's first process, or that come at an awkward moment.
@Suite("Stopping and continuing", .mostlyWaits) struct StoppedGroupTests {
  @Test(
    "With --single-child, fg continues every member of the command's process group",
    arguments: Shell.available)
  func continuesGroup(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let command = try terminal.enterReady("$S -c sh -c '$P ready cat; exit 7'")
    try terminal.expectEcho(of: "first")
    for round in 1...2 {
      try terminal.suspendAndResume(command)
      try terminal.expectEcho(of: "round \(round)")
    }
    try terminal.expectStatus(7, after: Key.endOfFile)
  }

  @Test(
    "With --single-child, a member of the command's process group reads once the terminal is handed over",
    arguments: Shell.available)
  func continuesGroupOnDemand(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S -c sh -c '$P ready head -n 1; exit 7' | /bin/cat")
    try terminal.expect("ready\r\n")
    try terminal.enter(input: "hello")
    try terminal.expect("hello\r\nhello\r\n")
    try terminal.expect(Shell.prompt)
  }

  @Test(
    "^Z stops swinit and its command during an unlimited grace period", arguments: Shell.available)
  func stopsDuringUnlimitedGrace(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let command = try terminal.enterReady("$S -k infinity \(Self.survivor)")
    try beginGrace(of: terminal)
    for _ in 1...2 {
      try terminal.suspendAndResume(command)
    }
    try terminal.expectStatus(128 + SIGINT, after: Key.interrupt)
  }

  @Test("^Z doesn't keep the command stopped while a grace period runs", arguments: Shell.available)
  func continuesDuringGrace(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let command = try terminal.enterReady("$S -k 1h \(Self.survivor)")
    try beginGrace(of: terminal)
    for _ in 1...3 {
      try terminal.type(Key.suspend)
      try terminal.wait(for: "the command to run") {
        state(of: command).map { $0 != "T" } ?? false
      }
    }
    try terminal.type(Key.suspend + Key.interrupt)
    try terminal.expectStatus(128 + SIGINT)
  }

  /// It says that it has caught TERM, and goes on. It does not fork: a shell that ^Z finds in vfork(2)
  /// does not stop.
  private static let survivor = """
    sh -c 'trap "echo caught" TERM; trap "echo settled" USR1; echo ready; \
    while :; do read -r line; done'
    """

  private func beginGrace(of terminal: Terminal) throws {
    try terminal.run.signal(SIGTERM)
    try terminal.expect("caught\r\n")
    // Until swinit takes its next signal, it takes a stopped command for one that was stopped before
    // TERM, and continues it.
    try terminal.run.signal(SIGUSR1)
    try terminal.expect("settled\r\n")
  }

  @Test(
    "A shell whose system calls can't be read suspends itself with swinit", .needs(.root),
    .needs(.program("bash")))
  func suspendsUnreadableShell() throws {
    let directory = try TemporaryDirectory()
    let program = try directory.copy(of: Swinit.path, "swinit")
    let bash = try directory.copy(of: #require(Need.find("bash")), "bash")
    // A program that its user may not read is not to be traced, nor its system calls read. proc(5)
    try check(unsafe chmod(bash, 0o711))
    let terminal = try Terminal.shell(.bash, of: program)
    try terminal.enter(
      "PS1='INNER> ' setpriv --reuid=54321 --regid=54321 --clear-groups "
        + "$S \(bash) --norc --noprofile -i")
    for _ in 1...2 {
      try terminal.expect("INNER> ")
      let inner = try terminal.run.command()
      try terminal.wait(for: "the inner shell in the foreground") { terminal.foreground == inner }
      try terminal.enter("suspend")
      try terminal.expectStopped()
      try terminal.enter("fg")
      try terminal.type("\r")
    }
    try terminal.expect("INNER> ")
    try terminal.enter("exit 7")
    try terminal.expectStatus(7)
  }

  @Test(
    "^Z that comes as the command exits stops the rest of the job", arguments: Shell.available)
  func stopsJobAtExit(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S $P ready sleep 1000 | /bin/cat")
    try terminal.expect("ready\r\n")
    let (swinit, command) = (try terminal.run.swinit(), try terminal.run.command())
    try terminal.expectForeground(getpgid(swinit))
    let holder = try Run([probe, "hold", String(swinit)])
    try holder.expect(line: "held")
    // Both are pending when swinit runs again.
    try check(kill(command, SIGKILL))
    try terminal.wait(for: "the command to exit") { state(of: command) == "Z" }
    try terminal.type(Key.suspend)
    try terminal.wait(for: "TSTP to be pending") {
      status(of: swinit, "ShdPnd").flatMap { UInt64($0, radix: 16) }
        .map { $0 & 1 << UInt64(SIGTSTP - 1) != 0 } ?? false
    }
    let probes = ProcessTable().children(of: holder.nest)
    try check(kill(try #require(probes.first?.id), SIGKILL))
    try terminal.expectStopped()
    try terminal.enter("fg")
    try terminal.expectStatus(0)
  }

  @Test(
    "^Z stops a command that resets TSTP under a swinit that was started with TSTP ignored",
    arguments: Shell.available)
  func stopsWithIgnoredStop(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let ignored = String(1 << (SIGTSTP - 1), radix: 16)
    let command = try terminal.enterReady(
      "$P with-signals 0 \(ignored) $S $P with-signals 0 0 $P ready cat")
    try terminal.suspend()
    #expect(state(of: command) == "T")
    try terminal.resume(command)
    try terminal.expectEcho(of: "again")
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test(
    "A command that has moved to another process group reads from the terminal",
    arguments: Shell.available)
  func readsInAnotherGroup(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S $P in-another-group $P ready cat")
    try terminal.expect("ready\r\n")
    let command = try terminal.run.command()
    try terminal.wait(for: "the command in the foreground") {
      terminal.foreground == getpgid(command) && terminal.foreground != command
    }
    try terminal.expectEcho(of: "first")
    try terminal.suspend()
    try terminal.enter("fg")
    try terminal.wait(for: "the command in the foreground") {
      terminal.foreground == getpgid(command) && state(of: command) == "S"
    }
    try terminal.expectEcho(of: "again")
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test("TTIN that a calling script sends is forwarded", arguments: Shell.available)
  func forwardsScriptsStop(shell: Shell) throws {
    let terminal = try Terminal.shell(
      shell,
      running: """
        $S $P members 1 &
        read x
        kill -TTIN $!
        wait $!
        """)
    try terminal.expect("0 ready\r\n")
    try terminal.enter(input: "go")
    try terminal.expect("0 \(SIGTTIN)\r\n")
  }
}
