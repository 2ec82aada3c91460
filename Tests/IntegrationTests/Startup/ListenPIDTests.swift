import TestSupport
import Testing

/// systemd sets these variables for the process that it starts; see sd_listen_fds(3),
/// sd_watchdog_enabled(3).
@Suite("Environment variables that name a process", .mostlyWaits) struct ListenPIDTests {
  @Test(
    "LISTEN_PID and WATCHDOG_PID that name swinit name the command in its environment",
    arguments: Place.available)
  func nameTheCommand(at place: Place) throws {
    let variables = "A=1 LISTEN_FDS=2 LISTEN_PID=$$ Z= WATCHDOG_PID=$$ WATCHDOG_USEC=3"
    let run = try Run.swinit(
      "sh", "-c", "echo $$; tr '\\0' '\\n' </proc/$$/environ", at: place,
      launcher: ["sh", "-c", "exec env -i \(variables) PATH=\(searchPath) \"$@\"", "sh"])
    let outcome = try run.outcome()
    let lines = outcome.output.split(separator: "\n")
    let command = try #require(lines.first)
    #expect(
      lines.dropFirst() == [
        "A=1", "LISTEN_FDS=2", "LISTEN_PID=\(command)", "Z=", "WATCHDOG_PID=\(command)",
        "WATCHDOG_USEC=3", "PATH=\(searchPath)",
      ])
    #expect(outcome.ending == .exited(0))
  }

  /// The command's pidfd has another number, which systemd compares only if the variable is there.
  @Test("LISTEN_PIDFDID is removed where LISTEN_PID names swinit, and else is not changed")
  func removesPidfd() throws {
    for (process, expected) in [("$$", "-\n"), ("1", "7\n")] {
      let run = try Run.swinit(
        "sh", "-c", "echo ${LISTEN_PIDFDID--}", at: .plain,
        launcher: ["sh", "-c", "LISTEN_PIDFDID=7 LISTEN_PID=\(process) exec \"$@\"", "sh"])
      #expect(try run.outcome() == Outcome(ending: .exited(0), output: expected))
    }
  }

  @Test("LISTEN_PID names the shell that runs a script without an interpreter line")
  func namesAScript() throws {
    let directory = try TemporaryDirectory()
    let script = try directory.file("script", "echo $LISTEN_PID $$\n")
    let run = try Run.swinit(
      script, at: .plain, launcher: ["sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh"])
    let processIDs = try run.outcome().output.split(whereSeparator: \.isWhitespace)
    #expect(processIDs.count == 2)
    #expect(processIDs.first == processIDs.last)
  }

  @Test("LISTEN_PID names the command where a variable before it is removed")
  func besideRemovedVariable() throws {
    let directory = try TemporaryDirectory()
    let run = try Run.swinit(
      "sh", "-c", "echo $$; tr '\\0' '\\n' </proc/$$/environ", at: .plain,
      launcher: [
        "sh", "-c",
        "exec env -i SWINIT_TERMINATION_LOG=\(directory("log")) A=1 LISTEN_PID=$$ Z= \"$@\"", "sh",
      ])
    let lines = try run.outcome().output.split(separator: "\n")
    let command = try #require(lines.first)
    #expect(lines.dropFirst() == ["A=1", "LISTEN_PID=\(command)", "Z="])
  }

  @Test(
    "LISTEN_PID and WATCHDOG_PID that name another process, or none, are not changed",
    arguments: Place.available, ["77777", "", "x", "99999999999999999999", "0", "-1"])
  func otherValues(at place: Place, _ value: String) throws {
    let run = try Run.swinit(
      "printenv", "LISTEN_PID", "WATCHDOG_PID", at: place,
      environment: ["PATH=\(searchPath)", "LISTEN_PID=\(value)", "WATCHDOG_PID=\(value)"])
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(0), output: "\(value)\n\(value)\n"))
  }
}
