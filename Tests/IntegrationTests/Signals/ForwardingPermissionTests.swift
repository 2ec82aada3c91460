import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ForwardingPermissionTests {
  /// A COMMAND that swinit may not signal is told of once, and supervised to its end.
  @Test(.needs(.root)) func isSaidOnce() throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let probe = try directory.copy(of: probe, "probe")
    let climb = try directory.copy(of: try #require(Need.find("setpriv")), "climb")
    try FileManager.default.setAttributes([.posixPermissions: 0o4755], ofItemAtPath: climb)
    let run = try Run(
      ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", swinit, climb, "--reuid=0"]
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
    try check(kill(command, SIGUSR1))
    try run.expect(line: "0 10")
    try check(kill(command, SIGKILL))
    let outcome = try run.outcome()
    let words =
      "swinit: process \(command) (probe) was killed by SIGKILL, which swinit did not send\n"
    #expect(outcome == Outcome(ending: .exited(137), errors: words))
  }
}
