import Foundation
import Glibc
import TestSupport
import Testing

/// What ^C and ^\ do to whatever called swinit.
@Suite("The keyboard's signals", .mostlyWaits) struct KeyboardSignalTests {
  @Test("^C ends an interactive shell's loop", arguments: Shell.available)
  func endsLoop(shell: Shell) throws {
    let terminal = try Terminal.shell(shell)
    let command = try terminal.enterReady(
      "for i in 1 2 3; do echo \"round $i\"; $S $P ready sleep 1000; done")
    try terminal.type(Key.interrupt)
    try terminal.wait(for: "the command to exit") { state(of: command) == nil }
    #expect(!(try terminal.text(before: Shell.prompt)).contains("round 2"))
    try terminal.enter("echo status=$?")
    try terminal.expect("status=130\r\n")
  }

  @Test("^C ends a calling script", arguments: Shell.available, ["$S", "$S -k 5s", "$S $S"])
  func endsScript(shell: Shell, program: String) throws {
    let terminal = try Terminal.shell(
      shell,
      running: "for i in 1 2 3; do echo \"round $i\"; \(program) $P ready sleep 1000; done; exit 7")
    try terminal.expect("ready\r\n")
    try terminal.wait(for: "the command in the foreground") {
      terminal.foreground
        == ProcessTable().first(below: terminal.run.nest) {
          readLink("/proc/\($0)/exe")?.hasSuffix("/sleep") == true
            || readLink("/proc/\($0)/exe")?.hasSuffix("/coreutils") == true
        }
    }
    try terminal.type(Key.interrupt)
    #expect(!(try terminal.text(before: Shell.prompt)).contains("round 2"))
    try terminal.enter("echo status=$?")
    try terminal.expect("status=130\r\n")
  }

  @Test("^C ends a calling script that runs swinit in a pipeline", arguments: Shell.available)
  func endsPipeline(shell: Shell) throws {
    let terminal = try Terminal.shell(
      shell, running: "for i in 1 2; do $S $P ready sleep 1000 | cat; done; exit 7")
    try terminal.expect("ready\r\n")
    let swinit = try terminal.run.swinit()
    try terminal.expectForeground(getpgid(swinit))
    try terminal.type(Key.interrupt)
    #expect(!(try terminal.text(before: Shell.prompt)).contains("ready"))
    try terminal.enter("echo status=$?")
    try terminal.expect("status=130\r\n")
  }

  @Test("A calling script's trap runs after ^C has killed the command", arguments: Shell.available)
  func runsTrap(shell: Shell) throws {
    let terminal = try Terminal.shell(
      shell, running: "trap 'echo trapped; exit 7' INT\n$S $P ready sleep 1000\necho after")
    try terminal.expect("ready\r\n")
    try terminal.expectForeground(terminal.run.command())
    try terminal.type(Key.interrupt)
    try terminal.expect("trapped\r\n")
    try terminal.expectStatus(7)
  }

  @Test("^C ends a calling make", .needs(.program("make")))
  func endsMake() throws {
    let directory = try TemporaryDirectory()
    try directory.file("Makefile", "all:\n\t@$$S $$P ready sleep 1000\n\t@echo after\n")
    let terminal = try Terminal.shell(.bash)
    _ = try terminal.enterReady("make -C \(directory.path)")
    try terminal.type(Key.interrupt)
    #expect(terminal.showsInterruptedMake())
  }

  @Test("^C raises KeyboardInterrupt in a calling Python program", .needs(.program("python3")))
  func endsPython() throws {
    let directory = try TemporaryDirectory()
    let script = try directory.file(
      "script",
      """
      import os, subprocess
      try:
        subprocess.run([os.environ["S"], os.environ["P"], "ready", "sleep", "1000"])
        print("after")
      except KeyboardInterrupt:
        print("interrupted")
      """)
    let terminal = try Terminal.shell(.bash)
    _ = try terminal.enterReady("python3 \(script)")
    try terminal.type(Key.interrupt)
    try terminal.expect("interrupted\r\n")
    try terminal.expectStatus(0)
  }

  @Test(
    "A calling script continues after a command that handles ^C itself", arguments: Shell.available)
  func goesOn(shell: Shell) throws {
    let command =
      "sh -c 'trap \"echo handled; exit 3\" INT; echo ready; while :; do sleep 0.01; done'"
    let terminal = try Terminal.shell(shell, running: "$S \(command); echo after=$?; exit 7")
    try terminal.expect("ready\r\n")
    try terminal.expectForeground(terminal.run.command())
    try terminal.type(Key.interrupt)
    try terminal.expect("handled\r\n")
    try terminal.expect("after=3\r\n")
    try terminal.expectStatus(7)
  }

  @Test(
    "A status that --exit-code gives for ^C is reported, and the calling script continues",
    arguments: Shell.available)
  func reportsMappedStatus(shell: Shell) throws {
    let terminal = try Terminal.shell(
      shell, running: "$S -e 130:3 $P ready sleep 1000; echo after=$?; exit 7")
    try terminal.expect("ready\r\n")
    try terminal.expectForeground(terminal.run.command())
    try terminal.type(Key.interrupt)
    try terminal.expect("after=3\r\n")
    try terminal.expectStatus(7)
  }

  @Test(
    "A SIGINT that a process sends makes swinit exit rather than die of the signal",
    arguments: Shell.available)
  func exitsAfterProcess(shell: Shell) throws {
    let terminal = try Terminal.shell(
      shell, running: "$S $P ready sleep 1000; echo after=$?; exit 7")
    try terminal.expect("ready\r\n")
    try terminal.run.signal(SIGINT)
    try terminal.expect("after=130\r\n")
    try terminal.expectStatus(7)
  }

  @Test(
    "swinit dies of the keyboard's signal without a core dump", .needs(.program("python3")),
    arguments: [(Key.interrupt, SIGINT), (Key.quit, SIGQUIT)])
  func dumpsNoCore(key: String, signal: Int32) throws {
    let directory = try TemporaryDirectory()
    let script = try directory.file(
      "script",
      """
      import os, resource, signal
      limit = resource.getrlimit(resource.RLIMIT_CORE)[1]
      resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
      for key in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(key, lambda *_: None)
      child = os.spawnv(os.P_NOWAIT, os.environ["S"], ["swinit", os.environ["P"], "ready", "cat"])
      status = os.waitpid(child, 0)[1]
      print(f"killed={os.WTERMSIG(status)} core={os.WCOREDUMP(status)}")
      """)
    let terminal = try Terminal.shell(.bash)
    _ = try terminal.enterReady("cd \(directory.path); python3 \(script)")
    try terminal.type(key)
    try terminal.expect("killed=\(signal) core=False\r\n")
  }

  @Test("swinit finishes its shutdown and its report before it dies of ^C")
  func finishesFirst() throws {
    let directory = try TemporaryDirectory()
    let log = try directory.file("log", "")
    let terminal = try Terminal.shell(.bash)
    let command = try terminal.enterReady(
      "$S -v -k 5s --termination-log=\(log) sh -c 'setsid sleep 1000 & exec $P ready sleep 1000'")
    try terminal.expectStatus(128 + SIGINT, after: Key.interrupt)
    #expect(state(of: command) == nil)
    let report = try String(contentsOfFile: log, encoding: .utf8)
    #expect(report.contains("SIGINT"))
    #expect(
      !ProcessTable().descendants(of: terminal.run.nest).contains {
        readLink("/proc/\($0.id)/exe")?.hasSuffix("/sleep") == true
      })
  }
}
