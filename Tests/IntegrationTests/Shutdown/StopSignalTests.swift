import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The --stop-signal option", .mostlyWaits, .serialized) struct StopSignalTests {
  @Test(
    "The grace period begins with each signal that --stop-signal names, and with no other",
    arguments: Place.available, [SIGQUIT, SIGWINCH, SIGUSR1, 37])
  func named(at place: Place, by signal: Int32) throws {
    let run = try Run.swinit(
      "-k", "0", "--stop-signal=\(signal)", probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    for other in [SIGTERM, SIGINT, SIGHUP, 38] {
      try run.signal(other)
      try run.expect(line: "0 \(other)")
    }
    try run.signal(signal)
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
  }

  @Test(
    "A signal that is rewritten to a stop signal begins the grace period",
    arguments: Place.available)
  func rewritten(at place: Place) throws {
    let run = try Run.swinit("-k", "0", "-r", "RTMIN+3:TERM", probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    try run.signal(SIGRTMIN3)
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
  }

  @Test(
    "SIGHUP and SIGQUIT from a process are forwarded without beginning the grace period",
    arguments: Place.available, [SIGHUP, SIGQUIT])
  func reload(at place: Place, by signal: Int32) throws {
    let run = try Run.swinit("-k", "0", probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    // Two sweeps later the command would have been killed.
    for other in [signal, SIGUSR1, signal, SIGUSR2] {
      try run.signal(other)
      try run.expect(line: "0 \(other)")
    }
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
  }

  @Test(
    "A stop signal that swinit inherited as ignored is forwarded without beginning the grace period",
    arguments: Place.available, [SIGINT, SIGTERM])
  func ignored(at place: Place, by signal: Int32) throws {
    let run = try Run.swinit(
      "-k", "0", probe, "members", "1", at: place,
      launcher: ["sh", "-c", "trap '' \(signal); exec \"$@\"", "sh"])
    try run.expect(line: "0 ready")
    for other in [signal, SIGUSR1, signal, SIGUSR2] {
      try run.signal(other)
      try run.expect(line: "0 \(other)")
    }
    try run.signal(signal == SIGINT ? SIGTERM : SIGINT)
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGKILL))
  }

  @Test(
    "A swinit that nohup started survives HUP, and so does its command", arguments: Place.available)
  func nohup(at place: Place) throws {
    let run = try Run.swinit(
      "-k", "1s", "-v", "--", "sh", "-c",
      "trap 'exit 0' USR1; echo ready; while :; do sleep 0.1; done", at: place,
      launcher: ["nohup"])
    try run.expect(line: "ready")
    try run.signal(SIGHUP)
    // It is the higher number of the two, so that it is taken last.
    try run.signal(SIGUSR1)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(0))
    #expect(outcome.errors.contains("forwarded SIGHUP from "))
  }

  @Test(
    "CONT follows a named stop signal to a stopped command", arguments: Place.available)
  func continuation(at place: Place) throws {
    let run = try Run.swinit(
      "--stop-signal=USR1", "sh", "-c",
      "trap 'exit 5' USR1; echo ready; while :; do sleep 0.1; done",
      at: place)
    try run.expect(line: "ready")
    let command = try run.command()
    try check(kill(command, SIGSTOP))
    try run.wait(until: "the command stops") { state(of: command) == "T" }
    try run.signal(SIGUSR1)
    let ending = try run.ending()
    #expect(ending == .exited(5))
  }

  @Test("--pause exits on the signal that --stop-signal names", arguments: Place.available)
  func pause(at place: Place) throws {
    let run = try Run.swinit(
      "--pause", "--stop-signal=QUIT", at: place,
      launcher: ["sh", "-c", "true & exec \"$@\"", "sh"])
    let swinit = try run.swinit()
    // It reaps once it has blocked all signals.
    try run.wait(until: "no child is left") { ProcessTable().children(of: swinit).isEmpty }
    try run.signal(SIGQUIT)
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(0)))
  }

  /// As systemd stops a container.
  private let SIGRTMIN3: Int32 = 37
}
