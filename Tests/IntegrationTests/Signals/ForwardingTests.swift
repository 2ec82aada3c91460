import Glibc
import TestSupport
import Testing

@Suite struct ForwardingTests {
  /// Every signal that a process sends to swinit arrives once, at each member of COMMAND's group.
  @Test(arguments: Place.available)
  func reachesTheGroup(at place: Place) throws {
    try expectEverySignalOnce(of: 3, at: place, [probe, "members", "3"])
  }

  /// With `--single-child` it arrives once, at COMMAND alone.
  @Test(arguments: Place.available)
  func reachesCOMMANDAlone(at place: Place) throws {
    try expectEverySignalOnce(of: 1, at: place, ["-c", "--", probe, "members", "3"])
  }

  /// The environment can ask for that too, in dumb-init's words as well.
  @Test(arguments: ["SWINIT_SINGLE_CHILD=1", "DUMB_INIT_SETSID=0"])
  func reachesCOMMANDAlone(by variable: String) throws {
    let run = try Run.swinit(probe, "members", "2", at: .plain, environment: [variable])
    _ = try run.lines(2)
    try run.signal(SIGTERM)
    try run.expect(line: "0 15")
    try run.signal(SIGINT)
    try run.expect(line: "0 2")
  }

  /// `-g` undoes an earlier `-c`.
  @Test func reachesTheGroupAgain() throws {
    let run = try Run.swinit("-cg", "--", probe, "members", "2", at: .plain)
    _ = try run.lines(2)
    try run.signal(SIGTERM)
    try run.expect(lines: ["0 15", "1 15"])
  }

  /// A signal from within the namespace arrives as one from outside does.
  @Test(arguments: Place.available)
  func reachesCOMMANDFromADescendant(at place: Place) throws {
    let run = try Run.swinit(probe, "signal-parent", "\(SIGINT)", at: place)
    try run.expect(ending: .exited(128 + SIGINT))
  }

  /// CHLD isn't forwarded, from whomever it comes.
  @Test(arguments: Place.available)
  func leavesOutCHLD(at place: Place) throws {
    let run = try Run.swinit(probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    try run.signal(SIGCHLD)
    try run.signal(SIGUSR1)
    try run.expect(line: "0 10")
  }

  /// Each signal is followed by the next only when everybody has it; a second copy would be taken
  /// before the last, since the lowest number that is pending comes first.
  private func expectEverySignalOnce(
    of count: Int, at place: Place, _ words: [String],
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let run = try Run(place.wrapper + [Swinit.path] + words)
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

/// The highest signal. The macro calls a function that isn't imported.
private let SIGRTMAX = 64 as Int32
