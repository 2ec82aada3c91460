import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Handing the terminal over", .mostlyWaits) struct TerminalHandoverTests {
  @Test("The command reads lines from the terminal and exits at ^D", arguments: Shell.available)
  func readsLines(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    _ = try terminal.enterReady("$S $P ready cat")
    try terminal.expectEcho(of: "first")
    try terminal.expectEcho(of: "second")
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test("^C and ^\\ reach the command once", arguments: Shell.available)
  func receivesKeysOnce(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S $P members 1")
    try terminal.expect("0 ready\r\n")
    for (key, signal) in [(Key.interrupt, SIGINT), (Key.quit, SIGQUIT)] {
      try terminal.type(key)
      try terminal.expect("0 \(signal)\r\n")
    }
    // A second one of those would be taken first, since its number is lower or the same.
    try terminal.run.signal(SIGTERM)
    // The kernel may echo a key, such as ^C, only after its signal has been taken.
    let before = try terminal.text(before: "0 15\r\n")
    #expect(!before.contains("0 "))
  }

  /// An interactive shell takes the terminal back itself, a script does not.
  @Test(
    "A calling script can read from the terminal after swinit has exited",
    arguments: ["$S true", "$S -k 1s true", "$S -c true", "$S $S true", "$S /nonexistent"])
  func returnsTerminal(_ command: String) throws {
    let script = "\(command); read x; echo got=$x; exit 7"
    let terminal = try Terminal(["dash", "-c", script], environment: Terminal.variables)
    try terminal.type("hello\r")
    try terminal.expect("got=hello\r\n")
    let ending = try terminal.ending()
    #expect(ending == .exited(7))
  }

  /// For such a script, swinit spawns twice.
  @Test("A script without #! has the terminal, too")
  func handsOverToScript() throws {
    let directory = try TemporaryDirectory()
    let script = try directory.file("script", "read x; echo got=$x; exit 7\n")
    let terminal = try Terminal.shell(.bash)
    try terminal.enter("$S \(script)")
    try terminal.enter(input: "hello")
    try terminal.expect("got=hello\r\n")
    try terminal.expectStatus(7)
  }

  @Test("A swinit in the background does not take the terminal when it exits")
  func staysInBackground() throws {
    let terminal = try Terminal.shell(.bash)
    let foreground = terminal.foreground
    try terminal.enter("$S $P ready true &")
    try terminal.expect("ready\r\n")
    try terminal.wait(for: "swinit to exit") {
      !ProcessTable().descendants(of: terminal.run.nest)
        .contains { readLink("/proc/\($0.id)/exe") == Swinit.path }
    }
    #expect(terminal.foreground == foreground)
    try terminal.enter("echo st''ill")
    try terminal.expect("still\r\n")
  }

  @Test("The command has the terminal in a pipeline", arguments: Shell.available)
  func handsOverInPipeline(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S yes | head -1")
    try terminal.expect("y\r\n")
    try terminal.expect(Shell.prompt)
    try terminal.enter("$S $P ready cat | cat")
    try terminal.expect("ready\r\n")
    try terminal.expectEcho(of: "through")
    // A shell's child may take the terminal back for the job while the command already reads. The
    // command is lent it again when it next reads.
    try terminal.expectForeground(try terminal.run.command())
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test("^Z stops the whole pipeline", arguments: Shell.available)
  func stopsPipeline(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S yes | $P ready sleep 1000")
    try terminal.expect("ready\r\n")
    let (swinit, command) = (try terminal.run.swinit(), try terminal.run.command())
    try terminal.expectForeground(getpgid(swinit))
    try terminal.suspend()
    let job = ProcessTable().entries.filter { $0.group == swinit || $0.group == command }
    #expect(job.map(\.state) == ["T", "T", "T"])
    try terminal.resume(getpgid(swinit))
    try terminal.suspend()
  }

  @Test(
    "The program top can be suspended, continued and quit",
    .needs(.program("top", package: "procps")))
  func runsTop() throws {
    let terminal = try Terminal.shell(.bash)
    try terminal.enter("$S top -d 1000")
    for round in 1...2 {
      try terminal.expect("load average")
      let command = try terminal.run.command()
      try terminal.wait(for: "top in the foreground") {
        terminal.foreground == command && !terminal.isByLine
      }
      if round == 2 { break }
      try terminal.suspend()
      try terminal.enter("fg")
    }
    try terminal.type("q")
    try terminal.expectStatus(0)
  }

  @Test(
    "Python's prompt takes ^C, is suspended by ^Z and ends at ^D", .needs(.program("python3")))
  func runsPythonPrompt() throws {
    let terminal = try Terminal.shell(.bash)
    try terminal.enter("$S python3 -q")
    try terminal.expect(">>> ")
    try terminal.type("20 + 3\r")
    try terminal.expect("23\r\n")
    try terminal.expect(">>> ")
    // Python doesn't notice a SIGINT between its prompt and its wait before the next key.
    let command = try terminal.run.command()
    try terminal.wait(for: "Python to wait") { state(of: command) == "S" }
    try terminal.type(Key.interrupt)
    try terminal.expect("KeyboardInterrupt")
    try terminal.expect(">>> ")
    try terminal.suspend()
    try terminal.enter("fg")
    try terminal.wait(for: "Python in the foreground") {
      terminal.foreground == command && state(of: command) == "S"
    }
    try terminal.type("40 + 2\r")
    try terminal.expect("42\r\n")
    try terminal.expect(">>> ")
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test(
    "A pager and an editor can be suspended and quit", .needs(.program("less")),
    .needs(.program("vi", package: "vim-tiny")),
    arguments: [("less /etc/passwd", "q"), ("vi -u NONE /etc/passwd", ":q!\r")])
  func runsFullScreen(_ program: (command: String, quit: String)) throws {
    let terminal = try Terminal.shell(.bash)
    try terminal.enter("$S \(program.command)")
    try terminal.expect("root:")
    let command = try terminal.run.command()
    for _ in 1...2 {
      try terminal.wait(for: "the command in the foreground") {
        terminal.foreground == command && !terminal.isByLine
      }
      try terminal.suspend()
      try terminal.enter("fg")
      try terminal.expect("root:")
    }
    try terminal.wait(for: "the command in the foreground") {
      terminal.foreground == command && !terminal.isByLine
    }
    try terminal.type(program.quit)
    try terminal.expectStatus(0)
  }

  @Test("A change of the window size reaches the command")
  func forwardsSize() throws {
    let script = """
      trap 'stty size' WINCH; sleep 1000 & echo ready; while kill -0 $!; do wait; done
      """
    let terminal = try Terminal(
      [Swinit.path, "dash", "-c", script], environment: Terminal.variables)
    try terminal.expect("ready\r\n")
    for (rows, columns) in [(30, 100), (31, 101)] as [(UInt16, UInt16)] {
      try terminal.resize(rows: rows, columns: columns)
      try terminal.expect("\(rows) \(columns)\r\n")
    }
  }

  @Test("Standard input may be another terminal than the controlling one")
  func readsOtherTerminal() throws {
    let other = try PseudoTerminal()
    let terminal = try Terminal.shell(.bash)
    try terminal.enter("$S $P ready cat < \(other.path)")
    try terminal.expect("ready\r\n")
    try other.type("elsewhere\r")
    try terminal.expect("elsewhere\r\n")
    try terminal.suspend()
    try terminal.enter("fg")
    try terminal.expect("cat")
    try other.type("again\r")
    try terminal.expect("again\r\n")
    try other.type(Key.endOfFile)
    try terminal.expectStatus(0)
  }

  @Test("Standard input may be a terminal that controls no session", arguments: Place.available)
  func readsWithoutControllingTerminal(at place: Place) throws {
    let other = try PseudoTerminal()
    let run = try Run.swinit(
      "cat", at: place, launcher: ["sh", "-c", "exec \"$@\" < \(other.path)", "sh"])
    try other.type("hello\r")
    try run.expect(line: "hello")
    try other.type(Key.endOfFile)
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(0)))
  }
}
