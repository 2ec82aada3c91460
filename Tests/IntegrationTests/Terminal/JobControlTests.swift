import Glibc
import TestSupport
import Testing

@Suite("Job control under a shell", .mostlyWaits) struct JobControlTests {
  @Test("^Z stops the job, fg continues it, and ^D ends the command", arguments: Shell.available)
  func stopsAndResumes(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let command = try terminal.enterReady("$S $P ready cat")
    try terminal.expectEcho(of: "first")
    try terminal.suspend()
    #expect(state(of: command) == "T")
    try terminal.enter("jobs")
    try terminal.expect(shell.stopped)
    try terminal.expect("cat")
    try terminal.expect(Shell.prompt)
    try terminal.resume(command)
    try terminal.expectEcho(of: "second")
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test(
    "^Z stops swinit and the command's descendants that it waits for, and fg continues them",
    arguments: Shell.available)
  func stopsAfterCommandHasExited(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S --wait sh -c '$P ready sleep 1000 & exit 3'")
    try terminal.expect("ready\r\n")
    let swinit = try terminal.run.swinit()
    let descendant = try terminal.run.wait(for: "the command's exit") {
      let children = ProcessTable().children(of: swinit)
      return children.count == 1 && children[0].name == "sleep" ? children[0].id : nil
    }
    try terminal.expectForeground(getpgid(swinit))
    for _ in 1...2 {
      try terminal.suspend()
      #expect(state(of: swinit) == "T")
      // A process that was sent a stop signal stops when it runs next.
      try terminal.wait(for: "the descendant to stop") { state(of: descendant) == "T" }
      try terminal.resume(getpgid(swinit))
      try terminal.wait(for: "both to continue") {
        state(of: swinit) == "S" && state(of: descendant) == "S"
      }
    }
    try check(kill(descendant, SIGTERM))
    try terminal.expectStatus(3)
  }

  @Test("A job can be stopped and continued again and again", arguments: Shell.available)
  func stopsTenTimes(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let command = try terminal.enterReady("$S $P ready cat")
    for round in 1...10 {
      try terminal.suspendAndResume(command)
      try terminal.expectEcho(of: "round \(round)")
    }
  }

  @Test(
    "bg continues the job in the background, where ^C does not reach it",
    arguments: Shell.available)
  func continuesInBackground(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let command = try terminal.enterReady("$S $P ready sleep 1000")
    try terminal.suspend()
    // busybox's ash asks the terminal for the position of its cursor, and may take a line that is typed
    // meanwhile for the answer.
    try terminal.enter("bg")
    try terminal.expect(Shell.prompt)
    try terminal.wait(for: "the command to continue") { state(of: command) == "S" }
    try terminal.enter("jobs")
    try terminal.expect(shell.running)
    try terminal.expect(Shell.prompt)
    // Without its line editor, zsh prompts again only after a line.
    try terminal.type(Key.interrupt + "\r")
    try terminal.expect(Shell.prompt)
    try terminal.enter("fg")
    let swinit = try terminal.run.swinit()
    try terminal.wait(for: "the job in the foreground") {
      [command, getpgid(swinit)].contains(terminal.foreground)
    }
    try terminal.expectStatus(128 + SIGINT, after: Key.interrupt)
  }

  @Test(
    "A job started in the background stops when it reads the terminal, until fg",
    arguments: Shell.available)
  func startsInBackground(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let foreground = terminal.foreground
    try terminal.enter("$S $P ready cat &")
    try terminal.expect("ready\r\n")
    let (swinit, command) = (try terminal.run.swinit(), try terminal.run.command())
    try terminal.wait(for: "swinit to stop") {
      state(of: swinit) == "T" && state(of: command) == "T"
    }
    #expect(terminal.foreground == foreground)
    try terminal.type("\r")
    try terminal.expectStopped()
    try terminal.resume(command)
    try terminal.expectEcho(of: "now")
    try terminal.suspendAndResume(command)
    try terminal.expectEcho(of: "again")
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  /// The shell sends a running job no SIGCONT, from which swinit could learn that it has the terminal.
  @Test("^Z and ^C reach a running background job after fg", arguments: Shell.available)
  func foregroundsRunningJob(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S $P ready sleep 1000 &")
    try terminal.expect("ready\r\n")
    let (swinit, command) = (try terminal.run.swinit(), try terminal.run.command())
    try terminal.enter("fg")
    try terminal.wait(for: "the job in the foreground") {
      [command, getpgid(swinit)].contains(terminal.foreground)
    }
    try terminal.suspend()
    #expect(state(of: command) == "T")
    try terminal.enter("fg")
    try terminal.wait(for: "the job in the foreground") {
      [command, getpgid(swinit)].contains(terminal.foreground) && state(of: command) == "S"
    }
    try terminal.expectStatus(128 + SIGINT, after: Key.interrupt)
  }

  @Test("Nested swinits behave like one under job control", arguments: Shell.available)
  func nests(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    try terminal.enter("$S $S $P ready cat")
    try terminal.expect("ready\r\n")
    let outer = try terminal.run.swinit()
    let inner = try #require(ProcessTable().children(of: outer).first?.id)
    let command = try #require(ProcessTable().children(of: inner).first?.id)
    try terminal.expectForeground(command)
    try terminal.expectEcho(of: "first")
    for round in 1...3 {
      try terminal.suspend()
      #expect([outer, inner, command].map { state(of: $0) } == ["T", "T", "T"])
      try terminal.resume(command)
      try terminal.expectEcho(of: "round \(round)")
    }
    try terminal.expectStatus(0, after: Key.endOfFile)
  }

  @Test("A shell with job control of its own can be suspended as a whole")
  func suspendsInnerShell() throws {
    let terminal = try Terminal.shell(.bash)
    try terminal.enter("PS1='INNER> ' $S bash --norc --noprofile -i")
    try terminal.expect("INNER> ")
    try terminal.enter("$P ready sleep 1000")
    try terminal.expect("ready\r\n")
    try terminal.type(Key.suspend)
    try terminal.expect("Stopped")
    try terminal.expect("INNER> ")
    try terminal.enter("jobs")
    try terminal.expect("sleep 1000\r\n")
    try terminal.expect("INNER> ")
    try terminal.enter("suspend")
    try terminal.expectStopped()
    try terminal.enter("fg")
    let inner = try terminal.run.command()
    try terminal.wait(for: "the inner shell in the foreground") { terminal.foreground == inner }
    try terminal.type("fg\r")
    try terminal.expect("sleep 1000\r\n")
    try terminal.type(Key.interrupt)
    try terminal.expect("INNER> ")
    try terminal.enter("exit 7")
    try terminal.expectStatus(7)
  }
}
