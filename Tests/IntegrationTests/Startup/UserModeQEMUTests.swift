import Foundation
import Glibc
import TestSupport
import Testing

/// QEMU's emulation of single processes runs images of a foreign `--platform`. In it, a clone(2)
/// that shares memory is a fork, and prctl(PR_SET_CHILD_SUBREAPER) fails.
@Suite(
  "User-mode QEMU", .mostlyWaits,
  .needs(.program("qemu-\(architecture)-static", package: "qemu-user-static")),
  .enabled(if: Swinit.isMusl, "concerns the build with musl only"))
struct UserModeQEMUTests {
  /// The warning of a swinit that cannot be a subreaper.
  private let warning =
    "swinit: cannot become a subreaper, so orphans go to another process: Invalid argument\n"

  @Test(
    "Under user-mode QEMU, each exit status and message is the same as without it",
    arguments: [
      (["sh", "-c", "exit 7"], 7, ""), (["sh", "-c", "kill -TERM $$"], 143, ""),
      (["/no/file"], 127, "swinit: command not found: '/no/file'\n"),
      (["/etc/passwd"], 126, nil), (["/etc"], 126, nil),
    ] as [([String], Int32, String?)])
  func sameStatusAndMessage(of command: [String], is status: Int32, message: String?) throws {
    let native = try Run([Swinit.path] + command).outcome()
    #expect(native.ending == .exited(status))
    if let message { #expect(native.errors == message) }
    let emulated = try Run([emulator, Swinit.path] + command).outcome()
    #expect(emulated.ending == native.ending)
    #expect(emulated.errors == warning + native.errors)
  }

  @Test("Under user-mode QEMU, a script without an interpreter line runs through /bin/sh")
  func script() throws {
    let directory = try TemporaryDirectory()
    let script = try directory.file("script", "exit 5\n")
    let outcome = try Run([emulator, Swinit.path, script]).outcome()
    #expect(outcome == Outcome(ending: .exited(5), errors: warning))
  }

  @Test(
    "Under user-mode QEMU, a failed execution after a fork is explained",
    arguments: [("/no/file", 127), ("/etc/passwd", 126)] as [(String, Int32)])
  func failureAfterFork(command: String, status: Int32) throws {
    let launcher = ["sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh"]
    let native = try Run(launcher + [Swinit.path, command]).outcome()
    let emulated = try Run(launcher + [emulator, Swinit.path, command]).outcome()
    #expect(emulated == Outcome(ending: .exited(status), errors: warning + native.errors))
  }

  @Test(
    "Under user-mode QEMU, signals reach the command's process group",
    arguments: [SIGTERM, SIGUSR1, SIGHUP])
  func signals(signal: Int32) throws {
    let run = try Run([
      emulator, Swinit.path, "sh", "-c", "(sleep 1000 & echo ready; wait) & wait",
    ])
    try run.expect(line: "ready")
    let table = ProcessTable()
    let swinit = try #require(table.children(of: run.nest).first).id
    let command = try #require(table.children(of: swinit).first).id
    try check(kill(swinit, signal))
    try run.expect(ending: .exited(128 + signal))
    try run.wait(until: "the group has exited") { kill(-command, 0) != 0 }
  }

  @Test("Under user-mode QEMU, PID 1 reaps orphans", .needs(.namespaces))
  func orphans() throws {
    let script = """
      orphans=$(sleep 0.5 >/dev/null & echo $!; sleep 0.5 >/dev/null & echo $!)
      for orphan in $orphans; do while kill -0 $orphan 2>/dev/null; do sleep 0.01; done; done
      echo reaped
      """
    let run = try Run(
      Place.processOne.wrapper + [emulator, Swinit.path, "-w", "sh", "-c", script])
    let outcome = try run.outcome()
    #expect(outcome.output == "reaped\n")
    let reaped = outcome.errors.matches(
      of: /swinit: reaped orphan \d+ \(.*\), which exited with status/)
    #expect(reaped.count == 2)
  }
}

private let emulator = "qemu-\(architecture)-static"

#if arch(x86_64)
  private let architecture = "x86_64"
#else
  private let architecture = "aarch64"
#endif
