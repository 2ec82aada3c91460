import Foundation
import TestSupport
import Testing

@Suite struct TerminationLogTests {
  /// How COMMAND ended is in the file: at the path of the option, or of the variable.
  @Test(arguments: Place.available, [false, true])
  func tellsTheEnd(at place: Place, _ isVariable: Bool) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let run = try Run(
      place.wrapper + [Swinit.path] + (isVariable ? [] : ["--termination-log=\(log)"])
        + ["sh", "-c", "exit 9"],
      environment: ["PATH=\(searchPath)"] + (isVariable ? ["SWINIT_TERMINATION_LOG=\(log)"] : []))
    #expect(try run.outcome() == Outcome(ending: .exited(9)))
    let report = try #require(contents(of: log))
    #expect(try report.wholeMatch(of: summary("'sh'", "exited with status 9")) != nil)
  }

  /// What a COMMAND was killed by is there too, and how many were killed after the grace period.
  @Test(arguments: Place.available) func tellsOfTheKilled(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let run = try Run.swinit(
      "--termination-log=\(log)", "-k", "100ms", "sh", "-c",
      "trap '' TERM; sleep 1000 & echo ready; wait",
      at: place)
    #expect(try run.line() == "ready")
    try run.signal(15)
    #expect(try run.outcome() == Outcome(ending: .exited(137)))
    let report = try #require(contents(of: log))
    #expect(report.hasPrefix("'sh' (process "))
    #expect(report.contains(/\) was killed by SIGKILL after \d+\.\d{3} s;/))
    #expect(report.contains("; killed after the grace period: 2: "))
    #expect(report.contains(/\bsh \(\d+\)/) && report.contains(/\bsleep \(\d+\)/))
  }

  /// The path is the one of Kubernetes unless another is given.
  @Test(.needs(.root)) func isWhereKubernetesLooks() throws {
    let script = """
      mount -t tmpfs tmpfs /dev && "$@" && cat /dev/termination-log
      """
    let run = try Run(
      ["unshare", "-m", "sh", "-c", script, "sh", Swinit.path, "--termination-log", "true"])
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(0))
    #expect(try outcome.output.wholeMatch(of: summary("'true'", "exited with status 0")) != nil)
  }

  /// One that can't be opened is refused before COMMAND runs.
  @Test(
    .needs(.root),
    arguments: [
      ("mount -o ro -t tmpfs tmpfs /dev", "Read-only file system"),
      ("mount -t tmpfs tmpfs /dev && mkdir /dev/termination-log", "Is a directory"),
    ])
  func isRefused(_ preparation: String, _ reason: String) throws {
    let run = try Run(
      [
        "unshare", "-m", "sh", "-c", preparation + " && exec \"$@\"", "sh", Swinit.path,
        "--termination-log", "echo", "here",
      ])
    #expect(
      try run.outcome()
        == Outcome(
          ending: .exited(125),
          errors: "swinit: cannot open the termination log '/dev/termination-log': \(reason)\n"))
  }

  /// The same for a path of somebody's own.
  @Test func isRefusedAnywhere() throws {
    let run = try Run.swinit("--termination-log=/no/such/log", "echo", "here", at: .plain)
    let words =
      "swinit: cannot open the termination log '/no/such/log': No such file or directory\n"
    #expect(try run.outcome() == Outcome(ending: .exited(125), errors: words))
  }

  /// A link isn't followed: an earlier COMMAND with fewer rights may have put it there.
  @Test(arguments: Place.available) func isNoLink(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let precious = try directory.file("precious", "kept", mode: 0o644)
    let link = directory("log")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: precious)
    let run = try Run.swinit("--termination-log=\(link)", "echo", "here", at: place)
    let words =
      "swinit: cannot open the termination log '\(link)': Too many levels of symbolic links\n"
    #expect(try run.outcome() == Outcome(ending: .exited(125), errors: words))
    #expect(contents(of: precious) == "kept")
  }

  /// What was there before is gone; what COMMAND writes by itself stays.
  @Test func keepsWhatCOMMANDWrote() throws {
    let directory = try TemporaryDirectory()
    let log = try directory.file("log", "of another run, long ago\n", mode: 0o644)
    let run = try Run.swinit(
      "--termination-log=\(log)", "sh", "-c", "echo 'out of luck' >\(log); exit 1", at: .plain)
    #expect(try run.ending() == .exited(1))
    let report = try #require(contents(of: log))
    #expect(report.hasPrefix("out of luck\n'sh' (process "))
    #expect(report.count { $0 == "\n" } == 2)
  }

  /// Why COMMAND can't be executed is there too, without the name of who says it.
  @Test(arguments: [("/no/such/command", Int32(127)), ("/etc", 126)])
  func tellsOfAFailure(_ command: String, _ status: Int32) throws {
    let directory = try TemporaryDirectory()
    let run = try Run.swinit("--termination-log=\(directory("log"))", command, at: .plain)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(status))
    #expect(outcome.errors.hasPrefix("swinit: cannot run '\(command)': "))
    #expect(contents(of: directory("log")).map { "swinit: " + $0 } == outcome.errors)
  }

  @Test("A command's name of several kilobytes leaves the reason in the log")
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

  @Test("A log that can't be written is a warning, and the exit status is the command's")
  func fullDevice() throws {
    let warning =
      "swinit: cannot write to the termination log '/dev/full': "
      + "No space left on device\n"
    let run = try Run.swinit("--termination-log=/dev/full", "sh", "-c", "exit 7", at: .plain)
    #expect(try run.outcome() == Outcome(ending: .exited(7), errors: warning))
    let outcome = try Run.swinit("--termination-log=/dev/full", "/no/foo", at: .plain).outcome()
    #expect(outcome.ending == .exited(127))
    #expect(
      outcome.errors.split(separator: "\n").sorted() == [
        "swinit: cannot run '/no/foo': No such file or directory", Substring(warning.dropLast()),
      ])
  }

  @Test("A log that is only written in part is a warning, and its SIGXFSZ isn't forwarded")
  func partialWrite() throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    // The log may have 10 bytes: COMMAND itself writes 7 of them.
    let run = try Run.swinit(
      "--termination-log=\(log)", "sh", "-c", "printf failed. >>\(log)", at: .plain,
      birth: ["prlimit", "--fsize=10:10"])
    let warning = "swinit: cannot write to the termination log '\(log)': File too large\n"
    #expect(try run.outcome() == Outcome(ending: .exited(0), errors: warning))
    #expect(contents(of: log) == "failed.'sh")
  }

  @Test(
    "A swinit that the command starts leaves the log of its environment alone",
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

  /// It is the file that was there at the start, whatever COMMAND puts in its place.
  @Test func isNotWhatCOMMANDPutsThere() throws {
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

  /// COMMAND doesn't inherit it, whatever descriptors swinit was started with, and swinit keeps
  /// nothing else.
  @Test(arguments: Place.available, ["", "0", "1", "2", "012"])
  func isNobodyElses(at place: Place, _ closed: String) throws {
    let directory = try TemporaryDirectory()
    let (log, list) = (directory("log"), directory("list"))
    let run = try Run(
      [probe, "without-descriptors", closed] + place.wrapper
        + [Swinit.path, "--termination-log=\(log)", "--", "sh", "-c"]
        + ["readlink /proc/self/fd/* >\(list).part; mv \(list).part \(list); exec sleep 1000"])
    try run.wait(until: "COMMAND knows its descriptors") { contents(of: list) != nil }
    #expect(contents(of: list)?.contains(log) == false)
    let swinit = try run.swinit()
    try run.wait(until: "swinit waits") { waitsForEver(swinit) }
    #expect(readLink("/proc/\(swinit)/fd/3") == log)
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(swinit)/fd")
    let kept = ["0", "1", "2", "3"].filter { !closed.contains($0) }
    // unshare opens files of its own, in the place of those that are closed.
    if place == .plain { #expect(descriptors.sorted() == kept) }
    try run.signal(15)
    _ = try run.ending()
    #expect(contents(of: log)?.hasPrefix("'sh' (process ") == true)
  }

  /// An empty path is refused.
  @Test func isSomewhere() throws {
    let outcome = try Run.swinit("--termination-log=", "true", at: .plain).outcome()
    #expect(outcome.ending == .exited(125))
    #expect(outcome.errors.contains("--termination-log"))
  }
}

/// The words about the end of a command, but for what differs from run to run.
private func summary(_ command: String, _ end: String) throws -> Regex<Substring> {
  let words =
    "\(command) \\(process \\d+\\) \(end) after \\d+\\.\\d{3} s; peak memory [0-9.]+ [KM]iB, "
    + "processor time \\d+\\.\\d{3} s; orphans reaped: 0; killed after the grace period: 0\n"
  return try Regex(words)
}

@Suite struct ExitReportTests {
  /// At `-v` the same is the last that is said.
  @Test(arguments: Place.available) func isTheLastLine(at place: Place) throws {
    let outcome = try Run.swinit("-v", "sh", "-c", "exit 4", at: place).outcome()
    let line = try #require(outcome.errors.split(separator: "\n").last.map { $0 + "\n" })
    #expect(line.hasPrefix("swinit: "))
    #expect(try line.dropFirst(8).wholeMatch(of: summary("'sh'", "exited with status 4")) != nil)
  }

  /// As an object, it has the same facts, in bytes and milliseconds.
  @Test(arguments: Place.available) func isAnObject(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let go = directory("go")
    let start = ContinuousClock.now
    let run = try Run.swinit(
      "-v", "--log-format", "json", "sh", "-c",
      "(sleep 0.2 &); until [ -e \(go) ]; do sleep 0.01; done; sleep 0.5; exit 4", at: place)
    let swinit = try run.swinit()
    // By then it has begun to count.
    try run.wait(until: "swinit waits") { waitsForEver(swinit) }
    try directory.file("go", "")
    let outcome = try run.outcome()
    let most = Int(start.duration(to: .now) / .milliseconds(1))
    let lines = outcome.errors.split(separator: "\n")
    let objects = try lines.map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(objects.compactMap { $0["event"] as? String } == ["started", "ended", "summary"])
    let last = try #require(objects.last)
    #expect(last["command"] as? String == "sh")
    #expect(last["status"] as? Int == 4)
    #expect(last["orphans"] as? Int == 1)
    #expect(last["killed"] as? Int == 0)
    #expect(last["out_of_memory"] == nil)
    let processors = ProcessInfo.processInfo.processorCount
    #expect((last["duration_ms"] as? Int).map { 500...most ~= $0 } == true)
    #expect((last["peak"] as? Int).map { 100_000...1_000_000_000 ~= $0 } == true)
    #expect((last["cpu_ms"] as? Int).map { 0...most * processors ~= $0 } == true)
  }
}
