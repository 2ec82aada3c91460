import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct FurtherSignalTests {
  /// The second TERM and the third are forwarded, and don't move the deadline.
  @Test(arguments: Place.available)
  func keepsTheDeadline(at place: Place) throws {
    try expectDuration(of: 2.0...2.1) {
      let run = try Run.swinit("-k2", probe, "members", "1", at: place)
      try run.expect(line: "0 ready")
      let start = Date()
      for moment in [0, 0.7, 1.4] {
        try run.wait(until: "that moment") { Date().timeIntervalSince(start) >= moment }
        try run.signal(SIGTERM)
        try run.expect(line: "0 15")
      }
      let ending = try run.ending()
      #expect(ending == .exited(128 + SIGKILL))
      return Date().timeIntervalSince(start)
    }
  }

  /// After COMMAND, they are for what is left of its group, and still don't move the deadline.
  @Test(arguments: Place.available)
  func keepsTheDeadlineAfterCOMMAND(at place: Place) throws {
    try expectDuration(of: 1.0...1.1) {
      let script = "trap 'exit 6' TERM; \"$@\" & echo started; wait"
      let run = try Run.swinit(
        "-k", "1s", "sh", "-c", script, "sh", probe, "members", "1", at: place)
      #expect(try run.lines(2) == ["0 ready", "started"])
      let command = try run.command()
      let start = Date()
      try run.signal(SIGTERM)
      try run.expect(line: "0 15")
      try run.expect(line: "0 18")
      try run.wait(until: "COMMAND is reaped") { ProcessTable.Entry(command) == nil }
      for signal in [SIGTERM, SIGINT, SIGUSR1] {
        try run.signal(signal)
        try run.expect(line: "0 \(signal)")
      }
      let ending = try run.ending()
      #expect(ending == .exited(6))
      return Date().timeIntervalSince(start)
    }
  }

  /// A signal that doesn't ask for the end doesn't start the clock; a rewritten one that does, does.
  @Test(arguments: Place.available, [SIGINT, SIGQUIT, SIGHUP])
  func startsTheClock(at place: Place, _ signal: Int32) throws {
    try expectDuration(of: 0.3...0.4) {
      let run = try Run.swinit(
        "-k", "300ms", "-r", "\(signal):USR2", probe, "members", "1", at: place)
      try run.expect(line: "0 ready")
      let early = Date()
      try run.signal(SIGUSR1)
      try run.expect(line: "0 10")
      try run.wait(until: "that moment") { Date().timeIntervalSince(early) >= 0.5 }
      let start = Date()
      try run.signal(signal)
      try run.expect(line: "0 12")
      let ending = try run.ending()
      #expect(ending == .exited(128 + SIGKILL))
      return Date().timeIntervalSince(start)
    }
  }

  /// `--kill-after infinity` never kills.
  @Test(arguments: Place.available)
  func neverKills(at place: Place) throws {
    let run = try Run.swinit("-k", "infinity", probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    let start = Date()
    for moment in [0, 0.5, 1, 1.5] {
      try run.wait(until: "that moment") { Date().timeIntervalSince(start) >= moment }
      try run.signal(SIGTERM)
      try run.expect(line: "0 15")
    }
    try check(kill(run.command(), SIGKILL))
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
  }

  /// `--kill-after 0` kills at once.
  @Test(arguments: Place.available)
  func killsAtOnce(at place: Place) throws {
    try expectDuration(of: 0...0.1) {
      let run = try Run.swinit("-k", "0", probe, "members", "1", at: place)
      try run.expect(line: "0 ready")
      let start = Date()
      try run.signal(SIGTERM)
      let ending = try run.ending()
      #expect(ending == .exited(128 + SIGKILL))
      return Date().timeIntervalSince(start)
    }
  }
}
