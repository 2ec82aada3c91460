import Foundation
import TestSupport
import Testing

@Suite("The termination log", .mostlyWaits) struct TerminationLogTests {
  @Test(
    "The termination log is written at the path that the option or the variable gives",
    arguments: Place.available, [false, true])
  func path(at place: Place, _ isVariable: Bool) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let run = try Run(
      place.wrapper + [Swinit.path] + (isVariable ? [] : ["--termination-log=\(log)"])
        + ["sh", "-c", "exit 9"],
      environment: ["PATH=\(searchPath)"] + (isVariable ? ["SWINIT_TERMINATION_LOG=\(log)"] : []))
    #expect(try run.outcome() == Outcome(ending: .exited(9)))
    let report = try #require(contents(of: log))
    #expect(try report.wholeMatch(of: exitReport("'sh'", "exited with status 9 after")) != nil)
  }

  @Test(
    "The termination log names the signal that killed the command and the processes killed after the grace period",
    arguments: Place.available)
  func killedProcesses(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let run = try Run.swinit(
      "--termination-log=\(log)", "-k", "100ms", "sh", "-c",
      // It bears the shell's name until it has executed.
      "trap '' TERM; sleep 1000 & until grep -q sleep /proc/$!/comm; do :; done; echo ready; wait",
      at: place)
    #expect(try run.line() == "ready")
    try run.signal(15)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(137))
    #expect(
      outcome.errors.contains(
        /^swinit: grace period \(100ms\) expired: killed 2 processes: [a-z]+ \(\d+\), [a-z]+ \(\d+\)\n/
      ))
    let report = try #require(contents(of: log))
    #expect(report.hasPrefix("'sh' (process "))
    #expect(report.contains(/\) was killed by SIGKILL after [0-9.]+m?s;/))
    #expect(report.contains("; killed after the grace period: 2 processes: "))
    #expect(report.contains(/\bsh \(\d+\)/) && report.contains(/\bsleep \(\d+\)/))
  }

  @Test("The termination log is /dev/termination-log unless a path is given", .needs(.root))
  func defaultPath() throws {
    let script = """
      mount -t tmpfs tmpfs /dev && "$@" && cat /dev/termination-log
      """
    let run = try Run(
      ["unshare", "-m", "sh", "-c", script, "sh", Swinit.path, "--termination-log", "true"])
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(0))
    #expect(
      try outcome.output.wholeMatch(of: exitReport("'true'", "exited with status 0 after")) != nil)
  }

  @Test(
    "swinit refuses to run the command when /dev/termination-log cannot be opened", .needs(.root),
    arguments: [
      ("mount -o ro -t tmpfs tmpfs /dev", "Read-only file system"),
      ("mount -t tmpfs tmpfs /dev && mkdir /dev/termination-log", "Is a directory"),
    ])
  func unusableDefaultPath(_ preparation: String, _ reason: String) throws {
    let run = try Run(
      [
        "unshare", "-m", "sh", "-c", preparation + " && exec \"$@\"", "sh", Swinit.path,
        "--termination-log", "echo", "here",
      ])
    #expect(
      try run.outcome()
        == Outcome(
          ending: .exited(125),
          errors: "swinit: cannot open termination log '/dev/termination-log': \(reason)\n"))
  }

  @Test("swinit refuses to run the command when the given termination log cannot be opened")
  func unusablePath() throws {
    let run = try Run.swinit("--termination-log=/no/such/log", "echo", "here", at: .plain)
    let message =
      "swinit: cannot open termination log '/no/such/log': No such file or directory\n"
    #expect(try run.outcome() == Outcome(ending: .exited(125), errors: message))
  }

  /// An earlier command with fewer privileges may have created it.
  @Test(
    "swinit does not follow a symbolic link at the termination log's path",
    arguments: Place.available)
  func symbolicLink(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let precious = try directory.file("precious", "kept", mode: 0o644)
    let link = directory("log")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: precious)
    let run = try Run.swinit("--termination-log=\(link)", "echo", "here", at: place)
    let message =
      "swinit: cannot open termination log '\(link)': Too many levels of symbolic links\n"
    #expect(try run.outcome() == Outcome(ending: .exited(125), errors: message))
    #expect(contents(of: precious) == "kept")
  }

  @Test("The termination log is truncated at the start and keeps what the command writes")
  func previousContents() throws {
    let directory = try TemporaryDirectory()
    let log = try directory.file("log", "of another run, long ago\n", mode: 0o644)
    let run = try Run.swinit(
      "--termination-log=\(log)", "sh", "-c", "echo 'out of luck' >\(log); exit 1", at: .plain)
    #expect(try run.ending() == .exited(1))
    let report = try #require(contents(of: log))
    #expect(report.hasPrefix("out of luck\n'sh' (process "))
    #expect(report.count { $0 == "\n" } == 2)
  }

  @Test(
    "The termination log says why the command cannot be executed",
    arguments: [("/no/such/command", Int32(127)), ("/etc", 126)])
  func executionFailure(_ command: String, _ status: Int32) throws {
    let directory = try TemporaryDirectory()
    let run = try Run.swinit("--termination-log=\(directory("log"))", command, at: .plain)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(status))
    #expect(outcome.errors.contains("'\(command)'"))
    #expect(contents(of: directory("log")).map { "swinit: " + $0 } == outcome.errors)
  }

  @Test("The reason stays in the termination log when the command's name has several kilobytes")
  func longName() throws {
    let directory = try TemporaryDirectory()
    for length in 2000...2003 {
      let name = String(repeating: "x", count: length % 4) + String(repeating: "ü", count: length)
      let run = try Run.swinit("--termination-log=\(directory("log"))", "/" + name, at: .plain)
      #expect(try run.ending() == .exited(126))
      let bytes = try #require(FileManager.default.contents(atPath: directory("log")))
      #expect(bytes.count <= 4096)
      let log = try #require(String(validating: bytes, as: UTF8.self))
      #expect(log.hasPrefix("cannot run '/"))
      #expect(log.hasSuffix("ü...': File name too long\n"))
    }
  }

  @Test(
    "A termination log that cannot be written is a warning, and the exit status is the command's")
  func fullDevice() throws {
    let warning =
      "swinit: cannot write to termination log '/dev/full': "
      + "No space left on device\n"
    let run = try Run.swinit("--termination-log=/dev/full", "sh", "-c", "exit 7", at: .plain)
    #expect(try run.outcome() == Outcome(ending: .exited(7), errors: warning))
    let outcome = try Run.swinit("--termination-log=/dev/full", "/no/foo", at: .plain).outcome()
    #expect(outcome.ending == .exited(127))
    #expect(
      outcome.errors.split(separator: "\n").sorted() == [
        Substring(warning.dropLast()), "swinit: command not found: '/no/foo'",
      ])
  }

  @Test("A termination log that is written in part is a warning, and its SIGXFSZ is not forwarded")
  func partialWrite() throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    // The log is limited to 10 bytes, and the command itself writes 7 of them.
    let run = try Run.swinit(
      "--termination-log=\(log)", "sh", "-c", "printf failed. >>\(log)", at: .plain,
      launcher: ["prlimit", "--fsize=10:10"])
    let warning = "swinit: cannot write to termination log '\(log)': File too large\n"
    #expect(try run.outcome() == Outcome(ending: .exited(0), errors: warning))
    #expect(contents(of: log) == "failed.'sh")
  }

  @Test(
    "A swinit that the command starts leaves the termination log of its environment alone",
    arguments: Place.available)
  func nested(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let script = "echo mine >\(log); \(Swinit.path) -- true; exit 3"
    let outcome = try Run.swinit(
      "sh", "-c", script, at: place,
      environment: ["PATH=\(searchPath)", "SWINIT_TERMINATION_LOG=\(log)"]
    ).outcome()
    #expect(outcome == Outcome(ending: .exited(3)))
    #expect(contents(of: log)?.hasPrefix("mine\n'sh' (process ") == true)
    #expect(contents(of: log)?.count { $0 == "\n" } == 2)
  }

  @Test("SWINIT_TERMINATION_LOG is removed from the command's environment, whose order is kept")
  func withheldVariable() throws {
    let directory = try TemporaryDirectory()
    let outcome = try Run.swinit(
      "printenv", at: .plain,
      environment: [
        "A=1", "SWINIT_TERMINATION_LOG=\(directory("log"))", "SWINIT_KILL_AFTER=1s",
        "PATH=\(searchPath)", "SWINIT_TERMINATION_LOG=/no/log", "Z=2",
      ]
    ).outcome()
    let output = "A=1\nSWINIT_KILL_AFTER=1s\nPATH=\(searchPath)\nZ=2\n"
    #expect(outcome == Outcome(ending: .exited(0), output: output))
    #expect(contents(of: directory("log"))?.hasPrefix("'printenv' (process ") == true)
  }

  @Test("swinit writes to the file that was the termination log at the start, whatever replaces it")
  func replacedFile() throws {
    let directory = try TemporaryDirectory()
    let (log, first) = (directory("log"), try directory.file("first", "", mode: 0o644))
    let other = try directory.file("other", "precious\n", mode: 0o644)
    try FileManager.default.linkItem(atPath: first, toPath: log)
    let run = try Run.swinit(
      "--termination-log=\(log)", "ln", "-sf", other, log, at: .plain)
    #expect(try run.outcome() == Outcome(ending: .exited(0)))
    #expect(contents(of: other) == "precious\n")
    #expect(contents(of: first)?.hasPrefix("'ln' (process ") == true)
    #expect(readLink(log) == other)
  }

  @Test(
    "The command does not inherit the termination log's descriptor, and swinit keeps no other",
    arguments: Place.available, ["", "0", "1", "2", "012"])
  func descriptor(at place: Place, _ closed: String) throws {
    let directory = try TemporaryDirectory()
    let (log, list) = (directory("log"), directory("list"))
    let run = try Run(
      [probe, "without-descriptors", closed] + place.wrapper
        + [Swinit.path, "--termination-log=\(log)", "--", "sh", "-c"]
        + ["readlink /proc/self/fd/* >\(list).part; mv \(list).part \(list); exec sleep 1000"])
    try run.wait(until: "the command has listed its descriptors") { contents(of: list) != nil }
    #expect(contents(of: list)?.contains(log) == false)
    let swinit = try run.swinit()
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    #expect(readLink("/proc/\(swinit)/fd/3") == log)
    let kept = ["0", "1", "2", "3"].filter { !closed.contains($0) }
    // unshare opens files of its own, which take the numbers of the closed descriptors.
    if place == .plain { #expect(try descriptors(of: swinit).others == kept) }
    try run.signal(15)
    _ = try run.ending()
    #expect(contents(of: log)?.hasPrefix("'sh' (process ") == true)
  }

  @Test("An empty path for the termination log is refused")
  func emptyPath() throws {
    let outcome = try Run.swinit("--termination-log=", "true", at: .plain).outcome()
    #expect(outcome.ending == .exited(125))
    #expect(outcome.errors.contains("--termination-log"))
  }
}

/// A pattern for the exit report, without what differs from run to run.
private func exitReport(_ command: String, _ end: String) throws -> Regex<Substring> {
  let pattern =
    "\(command) \\(process \\d+\\) \(end) [0-9.]+m?s; peak memory [0-9.]+ [KM]iB, "
    + "CPU time [0-9.]+m?s; orphans reaped: 0\n"
  return try Regex(pattern)
}

@Suite("The exit report", .mostlyWaits) struct ExitReportTests {
  @Test("The exit report is the last message of --verbose", arguments: Place.available)
  func lastLine(at place: Place) throws {
    let outcome = try Run.swinit("-v", "sh", "-c", "exit 4", at: place).outcome()
    let line = try #require(outcome.errors.split(separator: "\n").last.map { $0 + "\n" })
    #expect(line.hasPrefix("swinit: "))
    #expect(try line.dropFirst(8).wholeMatch(of: exitReport("'sh'", "ran for")) != nil)
  }

  @Test(
    "The exit report as a JSON object has the same facts, in bytes and milliseconds",
    arguments: Place.available)
  func jsonFields(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let (go, orphan) = (directory("go"), directory("orphan"))
    let script = """
      until [ -e \(go) ]; do sleep 0.01; done
      (sleep 0.2 & echo $! >\(orphan))
      while kill -0 $(cat \(orphan)) 2>/dev/null; do sleep 0.01; done
      sleep 0.5
      exit 4
      """
    let start = ContinuousClock.now
    let run = try Run.swinit("-v", "--log-format", "json", "sh", "-c", script, at: place)
    let swinit = try run.swinit()
    // By then swinit has begun to count orphans.
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    try directory.file("go", "")
    let outcome = try run.outcome()
    let most = Int(start.duration(to: .now) / .milliseconds(1))
    let lines = outcome.errors.split(separator: "\n")
    let objects = try lines.map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(objects.compactMap { $0["event"] as? String } == ["started", "terminated", "summary"])
    let last = try #require(objects.last)
    #expect(last["command"] as? String == "sh")
    #expect(last["exit_code"] as? Int == 4)
    #expect(last["orphan_count"] as? Int == 1)
    #expect(last["killed_count"] as? Int == 0)
    #expect(last["out_of_memory"] == nil)
    let processors = ProcessInfo.processInfo.processorCount
    #expect((last["duration_ms"] as? Int).map { 500...most ~= $0 } == true)
    #expect((last["peak_rss_bytes"] as? Int).map { 100_000...1_000_000_000 ~= $0 } == true)
    #expect((last["cpu_ms"] as? Int).map { 0...most * processors ~= $0 } == true)
  }
}
