import Foundation
import Glibc
import TestSupport
import Testing

/// No file can be opened, or but a few: RLIMIT_NOFILE is 0 to 5, and the standard descriptors are
/// there. COMMAND's status comes out whatever was asked for.
///
/// With less than 4 no file can be opened, with less than 5 no two at a time.
@Suite struct DescriptorTests {
  private static let busybox = Need.find("busybox") ?? "busybox"
  private static let needs: [Need] = [
    .program("busybox", package: "busybox-static"), .program("prlimit", package: "util-linux"),
    shippedSwinit,
  ]
  private static let limits = Array(0...5)

  /// COMMAND exits with 0, and leaves a process in a session of its own that doesn't care for TERM.
  /// (A shell would open files for what it runs in the background.)
  private func daemon(_ words: String) -> String {
    "trap '' TERM; exec \(Self.busybox) setsid \(Self.busybox) \(words)"
  }

  /// A run with so many descriptors.
  private func run(
    _ limit: Int, at place: Place, _ options: [String], _ script: String
  ) throws -> Run {
    try Run(
      place.wrapper + ["prlimit", "--nofile=\(limit):\(limit)", Swinit.path] + options
        + [Self.busybox, "sh", "-c", script])
  }

  /// Without options, and with those that say something.
  @Test(.needs(needs), arguments: Place.available, limits)
  func areFew(at place: Place, _ limit: Int) throws {
    let silent = try run(limit, at: place, [], "exit 7").outcome()
    #expect(silent == Outcome(ending: .exited(7)))

    let verbose = try run(limit, at: place, ["-vvw"], "exit 7").outcome()
    #expect(verbose.ending == .exited(7))
    #expect(verbose.errors.contains("exited with status 7"))

    let objects = try run(
      limit, at: place, ["-v", "--log-format=json", "--zombie-check=10ms"], "usleep 50000; exit 7"
    ).outcome()
    #expect(objects.ending == .exited(7))
    #expect(objects.errors.contains("\"event\":\"summary\""))
  }

  /// An orphan is reaped and told of; its name can't be read.
  @Test(.needs(needs), arguments: Place.available, limits)
  func areTooFewForNames(at place: Place, _ limit: Int) throws {
    let outcome = try run(limit, at: place, ["-w", "-k", "5s"], daemon("usleep 30000")).outcome()
    #expect(outcome.ending == .exited(0))
    let line = outcome.errors.split(separator: "\n").first { $0.contains("orphan") }
    let words = /swinit: reaped orphan \d+( \(busybox\))?: exited with status 0/
    let match = try #require(line?.wholeMatch(of: words), "\(outcome.errors)")
    #expect((match.1 == nil) == (limit < 4))
  }

  /// A termination log that can't be opened is told of, and nothing runs.
  @Test(.needs(needs), arguments: Place.available, limits)
  func areTooFewForALog(at place: Place, _ limit: Int) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let outcome = try run(
      limit, at: place, ["--termination-log=\(log)"], "echo run; exit 7"
    ).outcome()
    if limit < 4 {
      let errors = "swinit: cannot open the termination log '\(log)': Too many open files\n"
      #expect(outcome == Outcome(ending: .exited(125), errors: errors))
    } else {
      #expect(outcome == Outcome(ending: .exited(7), output: "run\n"))
      #expect(contents(of: log)?.contains("exited with status 7") == true)
    }
  }

  /// A daemon that doesn't care for TERM can't be found, which is told; as PID 1 it is killed in time
  /// all the same, otherwise it is waited for until 2 s after that.
  @Test(.needs(needs), arguments: Place.available, limits)
  func areTooFewForProc(at place: Place, _ limit: Int) throws {
    let isFound = limit > 4
    let delay = isFound || place == .processOne ? 0 : 2.0
    try expectDuration(of: 0.3 + delay...1.3 + delay) {
      let run = try run(limit, at: place, ["-k", "300ms"], daemon("sleep 1000"))
      let start = Date()
      let ending = try run.ending()
      let duration = Date().timeIntervalSince(start)
      #expect(ending == .exited(0))
      let words =
        "swinit: cannot read /proc to find all processes to end: signalling those known\n"
      #expect(try run.outcome().errors == (isFound ? "" : words))
      return duration
    }
  }

  /// COMMAND has the terminal, and gives it back.
  @Test(.needs(needs), arguments: limits) func areTooFewForATerminal(_ limit: Int) throws {
    let swinit = "prlimit --nofile=\(limit):\(limit) \(Swinit.path) \(Self.busybox)"
    let terminal = try Terminal([
      "bash", "-c", "\(swinit) head -n 1; echo status=$?; read x; echo got=$x",
    ])
    try terminal.expectEcho(of: "hello")
    try terminal.expect("status=0\r\n")
    try terminal.type("again\r")
    try terminal.expect("got=again\r\n")
  }
}
