import Glibc
import TestSupport
import Testing

@Suite("Signal forwarding", .mostlyWaits) struct ForwardingTests {
  @Test(
    "Every forwarded signal reaches each member of the command's process group exactly once",
    arguments: Place.available)
  func reachesTheGroup(at place: Place) throws {
    try expectEverySignalOnce(of: 3, at: place, [probe, "members", "3"])
  }

  @Test(
    "With --single-child, every forwarded signal reaches the command alone, exactly once",
    arguments: Place.available)
  func singleChild(at place: Place) throws {
    try expectEverySignalOnce(of: 1, at: place, ["-c", "--", probe, "members", "3"])
  }

  @Test(
    "SWINIT_SINGLE_CHILD=1 and DUMB_INIT_SETSID=0 send signals to the command alone",
    arguments: ["SWINIT_SINGLE_CHILD=1", "DUMB_INIT_SETSID=0"])
  func singleChildVariable(by variable: String) throws {
    let run = try Run.swinit(probe, "members", "2", at: .plain, environment: [variable])
    _ = try run.lines(2)
    try run.signal(SIGTERM)
    try run.expect(line: "0 15")
    try run.signal(SIGINT)
    try run.expect(line: "0 2")
  }

  @Test("A --group after --single-child sends signals to the command's process group again")
  func groupAfterSingleChild() throws {
    let run = try Run.swinit("-cg", "--", probe, "members", "2", at: .plain)
    _ = try run.lines(2)
    try run.signal(SIGTERM)
    try run.expect(lines: ["0 15", "1 15"])
  }

  @Test(
    "A signal that the command itself sends to swinit is forwarded to it",
    arguments: Place.available)
  func senderInNamespace(at place: Place) throws {
    let run = try Run.swinit(probe, "signal-parent", "\(SIGINT)", at: place)
    try run.expect(ending: .exited(128 + SIGINT))
  }

  @Test("SIGCHLD is not forwarded, whichever process sends it", arguments: Place.available)
  func childSignal(at place: Place) throws {
    let run = try Run.swinit(probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    try run.signal(SIGCHLD)
    try run.signal(SIGUSR1)
    try run.expect(line: "0 10")
  }

  /// The next signal is sent only when every member has received this one. A second copy would
  /// arrive before the last signals, because the kernel delivers the lowest pending number first.
  private func expectEverySignalOnce(
    of count: Int, at place: Place, _ arguments: [String],
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let run = try Run(place.wrapper + [Swinit.path] + arguments)
    _ = try run.lines(3, location)
    for signal in Signals.forwarded + [SIGRTMAX, SIGRTMAX] {
      try run.signal(signal)
      let expected = (0..<count).map { "\($0) \(signal)" }
      let lines = try run.lines(count, location)
      try #require(lines == expected, sourceLocation: location)
    }
    #expect(run.straySignals() == [], sourceLocation: location)
  }
}

/// The highest signal: the C macro calls a function, so it is not imported.
private let SIGRTMAX = 64 as Int32
