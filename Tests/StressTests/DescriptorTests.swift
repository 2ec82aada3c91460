import Foundation
import Glibc
import TestSupport
import Testing

/// The number of descriptors that swinit needs, the standard ones included.
@Suite("A low RLIMIT_NOFILE") struct DescriptorTests {
  private static let busybox = Need.find("busybox") ?? "busybox"
  private static let needs: [Need] = [
    .program("busybox", package: "busybox-static"), .program("prlimit", package: "util-linux"),
    shippedSwinit,
  ]

  /// A command that exits with 0 and leaves a process in a session of its own that ignores SIGTERM.
  /// (A shell would open files for a background job.)
  private func daemon(_ arguments: String) -> String {
    "trap '' TERM; exec \(Self.busybox) setsid \(Self.busybox) \(arguments)"
  }

  /// A run with `limit` descriptors.
  private func run(
    _ limit: Int, at place: Place, _ options: [String], _ script: String
  ) throws -> Run {
    try Run(
      place.wrapper + ["prlimit", "--nofile=\(limit):\(limit)", Swinit.path] + options
        + [Self.busybox, "sh", "-c", script])
  }

  @Test(
    "swinit exits with 125 when fewer than 5 descriptors leave none for spawning the command",
    .needs(needs), arguments: Place.available, 0...4)
  func tooFewToSpawn(at place: Place, _ limit: Int) throws {
    let outcome = try run(limit, at: place, ["-k", "1s"], "echo run; exit 7").outcome()
    let errors = "swinit: cannot create a process for '\(Self.busybox)': Too many open files\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: errors))
  }

  @Test(
    "With 5 descriptors, swinit reports the command's status at every log level", .needs(needs),
    arguments: Place.available)
  func enoughToLog(at place: Place) throws {
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
    "With 5 descriptors, swinit names an orphan when it is reaped", .needs(needs),
    arguments: Place.available)
  func enoughForNames(at place: Place) throws {
    let outcome = try run(5, at: place, ["-w", "-k", "5s"], daemon("usleep 30000")).outcome()
    #expect(outcome.ending == .exited(0))
    let line = outcome.errors.split(separator: "\n").first { $0.contains("orphan") }
    let message = /swinit: reaped orphan \d+ \(busybox\), which exited with status 0/
    #expect(line?.wholeMatch(of: message) != nil, "\(outcome.errors)")
  }

  @Test(
    "A termination log takes one descriptor more, without which the command is not run",
    .needs(needs), arguments: Place.available, 0...6)
  func tooFewForLog(at place: Place, _ limit: Int) throws {
    let directory = try TemporaryDirectory()
    let log = directory("log")
    let outcome = try run(
      limit, at: place, ["--termination-log=\(log)"], "echo run; exit 7"
    ).outcome()
    if limit < 4 {
      let errors = "swinit: cannot open termination log '\(log)': Too many open files\n"
      #expect(outcome == Outcome(ending: .exited(125), errors: errors))
    } else if limit < 6 {
      let message = "cannot create a process for '\(Self.busybox)': Too many open files\n"
      #expect(outcome == Outcome(ending: .exited(125), errors: "swinit: \(message)"))
      #expect(contents(of: log) == message)
    } else {
      #expect(outcome == Outcome(ending: .exited(7), output: "run\n"))
      #expect(contents(of: log)?.contains("exited with status 7") == true)
    }
  }

  /// A watch on the control group takes three, but not where it would leave too few.
  @Test(
    "With 5 to 8 descriptors, swinit finds and kills a daemon that ignores SIGTERM at the deadline",
    .needs(needs), arguments: Place.available, 5...8)
  func enoughForProc(at place: Place, _ limit: Int) throws {
    let outcome = try run(limit, at: place, ["-k", "300ms"], daemon("sleep 1000")).outcome()
    #expect(outcome.ending == .exited(0))
    let message = /swinit: grace period \(300ms\) expired: killed 1 process: busybox \(\d+\)\n/
    #expect(outcome.errors.wholeMatch(of: message) != nil, "\(outcome.errors)")
  }

  @Test("With 5 descriptors, the command has the terminal and swinit takes it back", .needs(needs))
  func enoughForTerminal() throws {
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
