import Foundation
import Glibc
import TestSupport
import Testing

/// The other processes of the job that swinit is started in have the terminal when they need it.
@Suite("Sharing the terminal", .mostlyWaits) struct TerminalSharingTests {
  @Test(
    "swinit as PID 1 in the background leaves the terminal to the interactive shell",
    .needs(.namespaces), arguments: Shell.available)
  func leavesShellAlone(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let foreground = terminal.foreground
    // busybox has an unshare of its own.
    let unshare = Place.processOne.wrapper.joined(separator: " ")
    try terminal.enter("/usr/bin/\(unshare) $S $P ready sleep 1000 &")
    try terminal.expect("ready\r\n")
    #expect(terminal.foreground == foreground)
    try terminal.enter("echo st''ill")
    try terminal.expect("still\r\n")
  }

  @Test(
    "PID 1 whose job is outside of its PID namespace hands the terminal over on demand",
    .needs(.namespaces), arguments: Shell.available)
  func handsOverInNamespace(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let unshare = Place.processOne.wrapper.joined(separator: " ")
    try terminal.enter("/usr/bin/\(unshare) $S -- $P ready head -n 1 | sed 's/^/got=/'")
    try terminal.enter(input: "hello")
    try terminal.expect("got=hello\r\n")
    try terminal.expectStatus(0)
  }

  @Test(
    "A background job reads in its PID namespace after fg, and is stopped before that",
    .needs(.namespaces), arguments: Shell.available)
  func stopsInNamespace(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let foreground = terminal.foreground
    let unshare = Place.processOne.wrapper.joined(separator: " ")
    try terminal.enter("/usr/bin/\(unshare) $S -- $P ready cat &")
    try terminal.expect("ready\r\n")
    let command = try terminal.run.command()
    try terminal.wait(for: "the command to stop") { state(of: command) == "T" }
    let job = try #require(ProcessTable.Entry(terminal.run.swinit())?.parent)
    try terminal.wait(for: "the job to stop") { state(of: job) == "T" }
    #expect(terminal.foreground == foreground)
    try terminal.type("\r")
    try terminal.expectStopped()
    try terminal.resume(command)
    try terminal.expectEcho(of: "now")
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test(
    "A calling script reads from the terminal while its swinit runs in the background",
    arguments: Shell.available)
  func scriptReads(shell: Shell) throws {
    let terminal = try Terminal.shell(
      shell, running: "$S $P ready sleep 1000 &\nread x; echo got=$x; kill $!; wait $!; exit 7")
    try terminal.expect("ready\r\n")
    try terminal.enter(input: "hello")
    try terminal.expect("got=hello\r\n")
    try terminal.expectStatus(7)
  }

  @Test(
    "A calling script and its background command both read from the terminal",
    arguments: Shell.available)
  func bothRead(shell: Shell) throws {
    let script = """
      $S -- sh -c 'y=$(head -n 1); echo "got=$y"' </dev/tty &
      x=$(head -n 1); echo "got=$x"; wait $!; exit 7
      """
    // An interactive shell may find the script stopped before swinit continues it.
    let terminal = try Terminal(
      [probe, "in-the-foreground"] + shell.program + ["-c", script],
      environment: Terminal.variables)
    for line in ["one", "two"] {
      try terminal.enter(input: line)
      try terminal.expect("got=\(line)\r\n")
    }
    let ending = try terminal.ending()
    #expect(ending == .exited(7))
  }

  @Test(
    "A calling script that traps INT receives ^C while its swinit runs in the background",
    arguments: Shell.available)
  func scriptTraps(shell: Shell) throws {
    let terminal = try Terminal.shell(
      shell,
      running: """
        trap 'echo trapped; kill $!; exit 7' INT
        $S $P ready sleep 1000 &
        wait
        """)
    try terminal.expect("ready\r\n")
    try terminal.type(Key.interrupt)
    try terminal.expect("trapped\r\n")
    try terminal.expectStatus(7)
  }

  @Test(
    "The first program of a pipeline reads from the terminal, and swinit's command from that program",
    arguments: Shell.available)
  func pipelineReads(shell: Shell) throws {
    // The cat that is part of busybox passes lines on late.
    let terminal = try Terminal.shell(shell)
    try terminal.enter("/bin/cat | $S -- sed -u 's/^/got=/'")
    try terminal.enter(input: "hello")
    try terminal.expect("got=hello\r\n")
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test(
    "A pager has the keyboard while swinit's command writes to it", .needs(.program("less")),
    arguments: Shell.available)
  func pagerReads(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S -- sh -c 'seq 1000; sleep 1000' | less")
    try terminal.expect("20\r\n")
    try terminal.wait(for: "less to take keys") { !terminal.isByLine }
    try terminal.type("q")
    // It catches ^C until then, and goes on.
    try terminal.wait(for: "less to exit") {
      !ProcessTable().descendants(of: terminal.run.nest).contains { $0.name == "less" }
    }
    // Between two commands, sh ignores a SIGINT that did not terminate the first.
    try terminal.wait(for: "sleep to run") {
      ProcessTable().descendants(of: terminal.run.nest).contains { $0.name == "sleep" }
    }
    try terminal.type(Key.interrupt)
    try terminal.expect(Shell.prompt)
  }

  @Test(
    "A password prompt has the keyboard while swinit's command writes to it",
    arguments: Shell.available)
  func promptReads(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter(
      "$S -- sleep 2 | sh -c 'stty -echo; read x; stty echo; echo \"got=$x\"' </dev/tty")
    try answerPrompt(on: terminal)
  }

  private func answerPrompt(on terminal: Terminal) throws {
    try terminal.wait(for: "a password prompt") { terminal.isByLine && !terminal.echoes }
    try terminal.enter(input: "secret")
    try terminal.expect("got=secret\r\n")
    try terminal.expectStatus(0)
  }

  @Test(
    "A password prompt of swinit's own command has the keyboard in a pipeline",
    arguments: Shell.available)
  func ownPromptReads(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter(
      "$S -- sh -c 'stty -echo; read x; stty echo; echo \"got=$x\"' </dev/tty | cat")
    try answerPrompt(on: terminal)
  }

  @Test("Two swinits in a pipeline both read from the terminal", arguments: Shell.available)
  func twoRead(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter(
      "$S -- sh -c 'x=$(head -n 1); echo \"got=$x\" >&2' </dev/tty | "
        + "$S -- sh -c 'y=$(head -n 1); echo \"got=$y\"' </dev/tty")
    for line in ["one", "two"] {
      try terminal.enter(input: line)
      try terminal.expect("got=\(line)\r\n")
    }
    try terminal.expectStatus(0)
  }

  @Test(
    "A user's job that exits in the background leaves the terminal to root's shell", .needs(.root))
  func leavesForeignGroupAlone() throws {
    let directory = try TemporaryDirectory()
    let program = try directory.copy(of: Swinit.path, "swinit")
    let probe = try directory.copy(of: probe, "probe")
    let terminal = try Terminal.shell(.bash, of: program)
    try terminal.enter(
      "setpriv --reuid=54321 --regid=54321 --clear-groups $S \(probe) ready sleep 1000")
    try terminal.expect("ready\r\n")
    let command = try terminal.run.command()
    try terminal.wait(for: "the command in the foreground") { terminal.foreground == command }
    try terminal.suspend()
    let foreground = terminal.foreground
    try terminal.type("bg\r")
    try terminal.expect(Shell.prompt)
    try terminal.wait(for: "the command to continue") { state(of: command) == "S" }
    try check(kill(command, SIGTERM))
    try terminal.wait(for: "swinit to exit") { terminal.run.supervisorIfRunning == nil }
    #expect(terminal.foreground == foreground)
    try terminal.type("echo st''ill\r")
    try terminal.expect("still\r\n")
  }

  @Test(
    "A stop of the command from outside does not stop the calling script",
    arguments: Shell.available)
  func scriptOutlivesStop(shell: Shell) throws {
    let terminal = try Terminal.shell(shell, running: "$S $P ready sleep 1000; echo after; exit 7")
    try terminal.expect("ready\r\n")
    let (swinit, command) = (try terminal.run.swinit(), try terminal.run.command())
    try terminal.expectForeground(command)
    try check(kill(command, SIGSTOP))
    try terminal.wait(for: "the command to stop") { state(of: command) == "T" }
    // swinit has taken CHLD when it takes this.
    try check(kill(swinit, 40))
    try terminal.wait(for: "signal 40 to be pending") {
      status(of: command, "ShdPnd") == "0000008000000000"
    }
    try terminal.wait(for: "swinit to wait") { state(of: swinit) == "S" }
    try check(kill(command, SIGCONT))
    try terminal.expect("after\r\n")
    try terminal.expectStatus(7)
  }

  @Test(
    "A command that is stopped and continued from outside continues in the foreground",
    arguments: Shell.available)
  func goesOnAfterStop(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let command = try terminal.enterReady("$S $P ready cat")
    for round in 1...3 {
      try check(kill(command, SIGSTOP))
      try terminal.wait(for: "the command to stop") { state(of: command) == "T" }
      try check(kill(command, SIGCONT))
      try terminal.expectEcho(of: "round \(round)")
    }
    try terminal.run.signal(SIGTERM)
    try terminal.expectStatus(128 + SIGTERM)
  }

  @Test("The command is in the foreground at its first instruction, 200 times on one processor")
  func isForegroundAtFirst() throws {
    let look = "read -r p c s pp pg se tt tp rest </proc/self/stat; [ $pg = $tp ] && [ $pg = $p ]"
    let script = """
      processor=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//') i=0
      while [ $i -lt 200 ]; do taskset -c $processor $S dash -c '\(look)' || exit 9; i=$((i + 1)); done
      exit 7
      """
    let terminal = try Terminal(["dash", "-c", script], environment: Terminal.variables)
    let ending = try terminal.ending()
    #expect(ending == .exited(7))
  }
}

extension Terminal {
  /// An interactive shell that runs a script, of which it makes a job of its own.
  static func shell(_ shell: Shell, running script: String) throws -> Terminal {
    let directory = try TemporaryDirectory()
    let file = try directory.file("script", script + "\n")
    let terminal = try Terminal.shell(shell)
    terminal.run.keeps.append(directory)
    try terminal.enter("\(shell.program.joined(separator: " ")) \(file)")
    return terminal
  }
}
