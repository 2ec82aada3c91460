import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Commands that swinit may not signal", .mostlyWaits) struct ForwardingPermissionTests {
  @Test(
    "A descendant that swinit may not kill is named when swinit exits without it", .needs(.root),
    arguments: Place.available)
  func namedAtExit(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let probe = try directory.copy(of: probe, "probe")
    let privileged = try directory.copy(of: try #require(Need.find("setpriv")), "privileged")
    try FileManager.default.setAttributes([.posixPermissions: 0o4755], ofItemAtPath: privileged)
    let user = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    let script = "trap 'exit 4' TERM; \"$@\" & wait"
    let run = try Run(
      of: swinit,
      ["-k", "2s", "sh", "-c", script, "sh", privileged, "--reuid=0", probe, "members", "1"],
      at: place, launcher: user)
    try run.expect(line: "0 ready")
    let process = try #require(
      ProcessTable().descendants(of: run.nest).first { $0.name == "probe" }?.id)
    try run.signal(SIGTERM)
    let line = try run.errorLine()
    let named = try #require(
      line.wholeMatch(
        of: /swinit: process (\d+) \(probe\) was not killed: Operation not permitted/), "\(line)")
    if place == .plain { #expect(named.1 == "\(process)") }
    try run.expect(ending: .exited(4))
    // Any process of the session may send CONT.
    try run.expect(line: "0 18")
  }

  @Test(
    "A command that swinit may not signal is reported once and supervised until it exits",
    .needs(.root))
  func reportedOnce() throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let probe = try directory.copy(of: probe, "probe")
    let privileged = try directory.copy(of: try #require(Need.find("setpriv")), "privileged")
    try FileManager.default.setAttributes([.posixPermissions: 0o4755], ofItemAtPath: privileged)
    let run = try Run(
      [
        "setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", swinit, privileged,
        "--reuid=0",
      ]
        + [probe, "members", "1"])
    try run.expect(line: "0 ready")
    let (process, command) = try run.wait(for: "swinit") {
      ProcessTable().descendants(of: run.nest).first { $0.name == "probe" }.map {
        ($0.parent, $0.id)
      }
    }
    try check(kill(process, SIGTERM))
    try run.expect(
      errorLine: "swinit: cannot send SIGTERM to process group \(command): Operation not permitted")
    try check(kill(process, SIGINT))
    // After a stop signal swinit looks whether the command is stopped, and reaps without a look at
    // its name.
    try run.wait(until: "swinit has taken SIGINT") {
      status(of: process, "ShdPnd") == "0000000000000000" && waitsIndefinitely(process)
    }
    try check(kill(command, SIGUSR1))
    try run.expect(line: "0 10")
    try check(kill(command, SIGKILL))
    var outcome = try run.outcome()
    outcome.errors = outcome.errors.withoutEarlierKills
    let message =
      "swinit: process \(command) (probe) was killed by SIGKILL, which swinit did not send\n"
    #expect(outcome == Outcome(ending: .exited(137), errors: message))
  }
}
