import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Unusual start-up environments", .mostlyWaits) struct UnusualStartupTests {
  @Test(
    "The command finds closed the standard descriptors that were closed when swinit was started",
    arguments: Place.available, ["", "0", "1", "2", "01", "02", "12", "012"])
  func closedDescriptors(at place: Place, _ closed: String) throws {
    let run = try Run.swinit(
      "-vv", "--", "sh", "-c", countClosed, at: place,
      launcher: [probe, "without-descriptors", closed])
    let sum = closed.reduce(0 as Int32) { $0 + (1 << Int32($1.wholeNumberValue ?? 0)) }
    try run.expect(ending: .exited(40 + sum))
  }

  private let countClosed = """
    s=40
    [ -e /proc/$$/fd/0 ] || s=$((s + 1))
    [ -e /proc/$$/fd/1 ] || s=$((s + 2))
    [ -e /proc/$$/fd/2 ] || s=$((s + 4))
    exit $s
    """

  @Test(
    "swinit reports the missing command even if it is started without any argument",
    arguments: Place.available)
  func noArguments(at place: Place) throws {
    let run = try Run(place.wrapper + [probe, "without-arguments", Swinit.path])
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(125))
    #expect(outcome.errors.hasPrefix("swinit: no COMMAND given; "))
  }

  @Test(
    "The command is found in the default path when the environment is empty",
    arguments: Place.available)
  func emptyEnvironment(at place: Place) throws {
    let run = try Run.swinit("sh", "-c", "exit 7", at: place, launcher: ["env", "-i"])
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(7)))
  }

  @Test("swinit reaps orphans and forwards signals without /proc", .needs(.namespaces))
  func noProc() throws {
    let unshare = ["unshare", isRoot ? "-fpm" : "-Urfpm", "--kill-child"]
    let hide = ["sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"]
    let orphan = try Run(unshare + hide + [Swinit.path, "-w", probe, "orphan", "setsid"]).outcome()
    #expect(orphan.output == "adopted by the parent\nreaped\n")
    #expect(orphan.errors.contains(/^swinit: reaped orphan \d+, which exited with status 3\n$/))
    let run = try Run(unshare + hide + [Swinit.path, probe, "members", "2"])
    _ = try run.lines(2)
    try run.signal(SIGTERM)
    try run.expect(lines: ["0 15", "1 15"])
  }

  @Test(
    "A standard error that cannot be written neither blocks nor kills swinit",
    arguments: Place.available, [ErrorSink.fullPipe, .closedPipe, .file("/dev/full")])
  func unwritableStandardError(at place: Place, _ sink: ErrorSink) throws {
    let script = "trap 'exit 7' TERM; echo ready; while :; do sleep 1000 & wait; done"
    let run = try Run.swinit("-vvw", "sh", "-c", script, at: place, errors: sink)
    try run.expect(line: "ready")
    for _ in 0..<50 { try run.signal(SIGURG) }
    try run.signal(SIGTERM)
    try run.expect(ending: .exited(7))
  }

  @Test(
    "A message that cannot be written does not change the exit status",
    arguments: [ErrorSink.fullPipe, .closedPipe, .file("/dev/full")])
  func unwritableFailure(_ sink: ErrorSink) throws {
    try Run.swinit("/no/such/file", at: .plain, errors: sink).expect(ending: .exited(127))
    try Run.swinit("--frob", at: .plain, errors: sink).expect(ending: .exited(125))
  }

  @Test(
    "swinit works for an unprivileged user without capabilities and with no_new_privs",
    .needs(.root), arguments: Place.available)
  func noPrivileges(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let probe = try directory.copy(of: probe, "probe")
    let unprivileged = [
      "setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "--bounding-set=-all",
      "--inh-caps=-all", "--no-new-privs",
    ]
    let run = try Run(place.wrapper + unprivileged + [swinit, probe, "orphan", "setsid"])
    let outcome = try run.outcome()
    let output = "adopted by the parent\nreaped\n"
    #expect(outcome == Outcome(ending: .exited(0), output: output))
  }

  @Test("swinit runs the command when the root file system is read-only", .needs(.namespaces))
  func readOnlyRoot() throws {
    let unshare = ["unshare", isRoot ? "-fpm" : "-Urfpm", "--mount-proc", "--kill-child"]
    let remount = ["sh", "-c", "mount -o remount,bind,ro / && exec \"$@\"", "sh"]
    let command = "(: >/x) 2>/dev/null && exit 1; exit 7"
    let outcome = try Run(unshare + remount + [Swinit.path, "sh", "-c", command]).outcome()
    #expect(outcome == Outcome(ending: .exited(7)))
  }
}
