import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The --wait option", .mostlyWaits, .serialized) struct WaitTests {
  /// Daemonizes: a child in a session of its own stays, and says which signals it receives.
  private static let launcher = "setsid \"$0\" members 1 & echo launched; exit 5"

  @Test(
    "swinit waits for what a daemonizing command leaves, and exits with the command's status",
    arguments: Place.available)
  func daemon(at place: Place) throws {
    let run = try Run.swinit("--wait", "sh", "-c", Self.launcher, probe, at: place)
    #expect(try run.lines(2) == ["0 ready", "launched"])
    let daemon = try run.wait(for: "the daemon's orphanhood") {
      let swinit = try run.swinit()
      let children = ProcessTable().children(of: swinit)
      return children.count == 1 && children[0].name == "Probe" ? children[0].id : nil
    }
    #expect(run.takeLine() == nil)
    try check(kill(daemon, SIGKILL))
    let ending = try run.ending()
    #expect(ending == .exited(5))
  }

  @Test(
    "The command's exit releases a delayed stop signal to its descendants, as rewritten",
    arguments: Place.available)
  func delayedSignal(at place: Place) throws {
    let script =
      "trap 'exit 5' USR2; setsid \"$0\" members 1 & wait; while :; do sleep 0.1; done"
    let run = try Run.swinit(
      "-v", "--wait", "--stop-delay=1h", "-r", "INT:USR1", "sh", "-c", script, probe, at: place)
    try run.expect(line: "0 ready")
    _ = try run.errorLine()
    try run.signal(SIGINT)
    #expect(try run.errorLine().hasPrefix("swinit: waiting 3600s before forwarding SIGINT from "))
    try run.signal(SIGUSR2)
    try run.expect(line: "0 10")
    try run.expect(line: "0 18")
    #expect(try run.errorLine().hasPrefix("swinit: forwarded SIGUSR2 from "))
    #expect(try run.errorLine().hasSuffix("exited with status 5"))
    try run.expect(
      errorLine: "swinit: sent SIGUSR1 to the remaining descendants of 'sh'; waiting for them")
  }

  @Test(
    "A later stop signal reaches a daemon in a session of its own and begins the grace period",
    arguments: Place.available, [[], ["-c"]])
  func stop(at place: Place, _ options: [String]) throws {
    let arguments = ["--wait", "-k", "4s"] + options + ["sh", "-c", Self.launcher, probe]
    let run = try Run(of: Swinit.path, arguments, at: place)
    #expect(try run.lines(2) == ["0 ready", "launched"])
    _ = try run.wait(for: "the daemon's orphanhood") {
      let children = ProcessTable().children(of: try run.swinit())
      return children.count == 1 && children[0].name == "Probe" ? true : nil
    }
    try run.signal(SIGINT)
    try run.expect(line: "0 2")
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(5))
    #expect(outcome.errors.contains("grace period (4s) expired: killed 1 process: Probe ("))
  }
}
