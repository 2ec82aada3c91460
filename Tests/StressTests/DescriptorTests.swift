import Foundation
import Glibc
import TestSupport
import Testing

/// How many descriptors swinit needs, the standard ones included, where RLIMIT_NOFILE leaves few.
@Suite("Few descriptors") struct DescriptorTests {
  private static let busybox = Need.find("busybox") ?? "busybox"
  private static let needs: [Need] = [
    .program("busybox", package: "busybox-static"), .program("prlimit", package: "util-linux"),
    shippedSwinit,
  ]

  /// The command exits with 0, and leaves a process in a session of its own that ignores TERM. (A
  /// shell would open files for what it runs in the background.)
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

  @Test(
    "with fewer than 5 descriptors, the two that a spawn takes are missing: status 125",
    .needs(needs), arguments: Place.available, 0...4)
  func areTooFewForASpawn(at place: Place, _ limit: Int) throws {
    let outcome = try run(limit, at: place, ["-k", "1s"], "echo run; exit 7").outcome()
    let errors = "swinit: cannot start a process for '\(Self.busybox)': Too many open files\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: errors))
  }

  @Test(
    "with 5 descriptors, the command's status is reported, whatever is logged", .needs(needs),
    arguments: Place.available)
  func areEnoughToLog(at place: Place) throws {
    let silent = try run(5, at: place, [], "exit 7").outcome()
    #expect(silent == Outcome(ending: .exited(7)))

    let verbose = try run(5, at: place, ["-vvw"], "exit 7").outcome()
    #expect(verbose.ending == .exited(7))
    #expect(verbose.errors.contains("exited with status 7"))

    let objects = try run(
      5, at: place, ["-v", "--log-format=json", "--zombie-check=10ms"], "usleep 50000; exit 7"
    ).outcome()
    #expect(objects.ending == .exited(7))
    #expect(objects.errors.contains("\"event\":\"summary\""))
  }

  @Test(
    "with 5 descriptors, an orphan is named when it is reaped", .needs(needs),
    arguments: Place.available)
  func areEnoughForNames(at place: Place) throws {
    let outcome = try run(5, at: place, ["-w", "-k", "5s"], daemon("usleep 30000")).outcome()
    #expect(outcome.ending == .exited(0))
    let line = outcome.errors.split(separator: "\n").first { $0.contains("orphan") }
    let words = /swinit: reaped orphan \d+ \(busybox\): exited with status 0/
    #expect(line?.wholeMatch(of: words) != nil, "\(outcome.errors)")
  }

  @Test(
    "a termination log takes one descriptor more; without it, the command is not run",
    .needs(needs), arguments: Place.available, 0...6)
  func areTooFewForALog(at place: Place, _ limit: Int) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let outcome = try run(
      limit, at: place, ["--termination-log=\(log)"], "echo run; exit 7"
    ).outcome()
    if limit < 4 {
      let errors = "swinit: cannot open the termination log '\(log)': Too many open files\n"
      #expect(outcome == Outcome(ending: .exited(125), errors: errors))
    } else if limit < 6 {
      let words = "cannot start a process for '\(Self.busybox)': Too many open files\n"
      #expect(outcome == Outcome(ending: .exited(125), errors: "swinit: \(words)"))
      #expect(contents(of: log) == words)
    } else {
      #expect(outcome == Outcome(ending: .exited(7), output: "run\n"))
      #expect(contents(of: log)?.contains("exited with status 7") == true)
    }
  }

  @Test(
    "with 5 descriptors, a daemon that ignores TERM is found and killed at the deadline",
    .needs(needs), arguments: Place.available)
  func areEnoughForProc(at place: Place) throws {
    let outcome = try run(5, at: place, ["-k", "300ms"], daemon("sleep 1000")).outcome()
    #expect(outcome == Outcome(ending: .exited(0)))
  }

  @Test(
    "with 5 descriptors, the command has the terminal and gives it back", .needs(needs))
  func areEnoughForATerminal() throws {
    let swinit = "prlimit --nofile=5:5 \(Swinit.path) \(Self.busybox)"
    let terminal = try Terminal([
      "bash", "-c", "\(swinit) head -n 1; echo status=$?; read x; echo got=$x",
    ])
    try terminal.expectEcho(of: "hello")
    try terminal.expect("status=0\r\n")
    try terminal.type("again\r")
    try terminal.expect("got=again\r\n")
  }
}
