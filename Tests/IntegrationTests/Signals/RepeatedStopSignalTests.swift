import Glibc
import TestSupport
import Testing

@Suite("Repeated stop signals", .mostlyWaits, .serialized) struct RepeatedStopSignalTests {
  @Test(
    "A second and a third SIGTERM are forwarded and do not extend the grace period",
    arguments: Place.available)
  func secondStopSignal(at place: Place) throws {
    try expectDuration(of: 4) { stopwatch in
      let run = try Run.swinit("-k4", probe, "members", "1", at: place)
      try run.expect(line: "0 ready")
      stopwatch.start()
      for moment in [0, 0.7, 1.4] {
        try run.wait(until: "that moment") { try stopwatch.time() >= moment }
        try run.signal(SIGTERM)
        try run.expect(line: "0 15")
      }
      let ending = try run.ending()
      stopwatch.stop()
      #expect(ending == .exited(128 + SIGKILL))
    }
  }

  @Test(
    "Signals after the command's exit reach its process group and do not extend the grace period",
    arguments: Place.available)
  func afterCommandExited(at place: Place) throws {
    try expectDuration(of: 4) { stopwatch in
      let script = "trap 'exit 6' TERM; \"$@\" & echo started; wait"
      let run = try Run.swinit(
        "-k", "4s", "sh", "-c", script, "sh", probe, "members", "1", at: place)
      #expect(try run.lines(2) == ["0 ready", "started"])
      let command = try run.command()
      stopwatch.start()
      try run.signal(SIGTERM)
      try run.expect(line: "0 15")
      try run.expect(line: "0 18")
      try run.wait(until: "the command is reaped") { ProcessTable.Entry(command) == nil }
      for signal in [SIGTERM, SIGINT, SIGUSR1] {
        try run.signal(signal)
        try run.expect(line: "0 \(signal)")
      }
      let ending = try run.ending()
      stopwatch.stop()
      #expect(ending == .exited(6))
    }
  }

  @Test(
    "The grace period starts with a rewritten stop signal, and not with SIGUSR1",
    arguments: Place.available, [SIGINT, SIGTERM])
  func startOfGracePeriod(at place: Place, _ signal: Int32) throws {
    try expectDuration(of: 4) { stopwatch in
      let run = try Run.swinit(
        "-k", "4s", "-r", "\(signal):USR2", probe, "members", "1", at: place)
      try run.expect(line: "0 ready")
      let early = ContinuousClock.now
      try run.signal(SIGUSR1)
      try run.expect(line: "0 10")
      try run.wait(until: "that moment") { early.duration(to: .now) >= .seconds(4.2) }
      stopwatch.start()
      try run.signal(signal)
      try run.expect(line: "0 12")
      let ending = try run.ending()
      stopwatch.stop()
      #expect(ending == .exited(128 + SIGKILL))
    }
  }

  @Test("Nothing is killed when the grace period is infinite", arguments: Place.available)
  func infiniteGracePeriod(at place: Place) throws {
    let run = try Run.swinit("-k", "infinity", probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    let start = ContinuousClock.now
    for moment in [0, 0.5, 1, 1.5] {
      try run.wait(until: "that moment") { start.duration(to: .now) >= .seconds(moment) }
      try run.signal(SIGTERM)
      try run.expect(line: "0 15")
    }
    try check(kill(run.command(), SIGKILL))
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
  }

  @Test(
    "The command is killed without delay when the grace period is 0", arguments: Place.available)
  func zeroGracePeriod(at place: Place) throws {
    try expectDuration(of: 0, atMost: 1, besideSleepOf: 0.1) { stopwatch in
      let run = try Run.swinit("-k", "0", probe, "members", "1", at: place)
      try run.expect(line: "0 ready")
      let swinit = try run.swinit()
      stopwatch.start()
      try check(kill(swinit, SIGTERM))
      let ending = try run.ending()
      stopwatch.stop()
      #expect(ending == .exited(128 + SIGKILL))
    }
  }
}
