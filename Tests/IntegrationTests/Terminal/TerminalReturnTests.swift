import Foundation
import Glibc
import TestSupport
import Testing

/// The terminal is back with swinit's own group when swinit exits, however that comes about.
@Suite("Giving the terminal back", .mostlyWaits) struct TerminalReturnTests {
  @Test(
    "A script reads after its swinit could no longer supervise the command",
    .needs(.program("strace")))
  func returnsWhenSupervisionFails() throws {
    let fault = "strace -o /dev/null -e trace=wait4 -e inject=wait4:error=EPERM"
    try expectScriptReads(after: "\(fault) $S $P ready sleep 1000", status: 125)
  }

  @Test(
    "A script reads after its swinit gave up on a command that couldn't be killed",
    .needs(.program("strace")))
  func returnsWhenCommandIsUnkillable() throws {
    // A KILL that does nothing stands for a command that waits for a dead file server.
    let fault = "strace -o /dev/null -e trace=kill -e inject=kill:retval=0:when=1+"
    try expectScriptReads(
      after: "\(fault) $S -k 10ms sh -c 'trap \"\" TERM; kill $PPID; exec sleep 1000'",
      status: 137)
  }

  @Test(
    "A script reads after its swinit's command took the terminal itself",
    arguments: [
      "$S $P with-own-terminal true | /bin/cat", "$S -k 1s $P with-own-terminal true | cat",
    ])
  func returnsFromThief(command: String) throws {
    try expectScriptReads(after: command, status: nil)
  }

  @Test(
    "^C ends a script whose command took the terminal itself and is killed by it",
    arguments: Shell.available)
  func passesOnThiefsKey(shell: Shell) throws {
    let terminal = try Terminal.shell(
      shell,
      running:
        "for i in 1 2; do $S $P with-own-terminal $P ready sleep 1000 | /bin/cat; done; exit 7")
    try terminal.expect("ready\r\n")
    try terminal.expectForeground(terminal.run.command())
    try terminal.type(Key.interrupt)
    #expect(!(try terminal.text(before: Shell.prompt)).contains("ready"))
    try terminal.enter("echo status=$?")
    try terminal.expect("status=130\r\n")
  }

  /// A script runs a command line, whose status this is, and then reads from the terminal.
  private func expectScriptReads(after command: String, status: Int32?) throws {
    let script = "\(command); echo status=$?; read x; echo got=$x; exit 7"
    let terminal = try Terminal(["dash", "-c", script], environment: Terminal.variables)
    try terminal.expect("status=\(status.map { "\($0)\r\n" } ?? "")")
    try terminal.enter(input: "hello")
    try terminal.expect("got=hello\r\n")
    let ending = try terminal.ending()
    #expect(ending == .exited(7))
  }
}
