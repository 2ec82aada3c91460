import Foundation
import Glibc
import TestSupport
import Testing

/// swinit refuses to run with more privileges than the user who starts it: its options name a file
/// to empty and processes to signal, and that user chooses them.
@Suite(
  "Elevated privileges", .mostlyWaits, .needs([.root, .program("setpriv", package: "util-linux")]))
struct ElevatedPrivilegeTests {
  /// An unprivileged user, who runs a swinit that root owns.
  private static let unprivileged = [
    "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
  ]
  private static let withAmbientCapability =
    unprivileged + ["--inh-caps", "+kill", "--ambient-caps", "+kill"]

  @Test("A set-user-ID or set-group-ID swinit refuses to run", arguments: [0o4755, 0o2755])
  func setUserID(mode: Int) throws {
    let directory = try TemporaryDirectory()
    let privileged = try directory.copy(of: Swinit.path, "swinit")
    try check(unsafe chmod(privileged, mode_t(mode)))
    try expectRefusal(of: privileged, in: directory)
  }

  @Test(
    "A swinit whose file has capabilities refuses to run",
    .needs(.program("setcap", package: "libcap2-bin")),
    arguments: [unprivileged, withAmbientCapability])
  func fileCapabilities(starter: [String]) throws {
    let directory = try TemporaryDirectory()
    let privileged = try directory.copy(of: Swinit.path, "swinit")
    #expect(try Run(["setcap", "cap_dac_override+ep", privileged]).ending() == .exited(0))
    try expectRefusal(of: privileged, in: directory, startedBy: starter)
  }

  /// Engines grant capabilities to a container this way. Under SELinux, AT_SECURE is set there too.
  @Test(
    "swinit runs with privileges that the user who starts it has",
    arguments: [unprivileged, withAmbientCapability, []], [[], [probe, "secure"]])
  func inheritedPrivileges(starter: [String], launcher: [String]) throws {
    let directory = try TemporaryDirectory()
    let copy = try directory.copy(of: Swinit.path, "swinit")
    let run = try Run(launcher + starter + [copy, "sh", "-c", "exit 7"])
    #expect(try run.outcome() == Outcome(ending: .exited(7)))
  }

  private func expectRefusal(
    of swinit: String, in directory: TemporaryDirectory, startedBy starter: [String] = unprivileged
  ) throws {
    let log = try directory.file("log", "kept", mode: 0o600)
    let run = try Run(starter + [swinit, "--termination-log=\(log)", "echo", "ran"])
    let message = """
      swinit: refused to run with more privileges than the process that started it: remove the \
      set-user-ID or set-group-ID bit, or the file's capabilities

      """
    #expect(try run.outcome() == Outcome(ending: .exited(125), errors: message))
    #expect(contents(of: log) == "kept")
  }
}
