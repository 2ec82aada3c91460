import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct UnusualStartupTests {
  /// Standard descriptors may be closed, whichever; COMMAND finds the same ones closed.
  @Test(arguments: Place.available, ["", "0", "1", "2", "01", "02", "12", "012"])
  func withoutDescriptors(at place: Place, _ closed: String) throws {
    let run = try Run.swinit(
      "-vv", "--", "sh", "-c", countClosed, at: place,
      birth: [probe, "without-descriptors", closed])
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

  /// Without any arguments, not even a name for itself, it says what it lacks.
  @Test(arguments: Place.available)
  func withoutArguments(at place: Place) throws {
    let run = try Run(place.wrapper + [probe, "without-arguments", Swinit.path])
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(125))
    #expect(outcome.errors.hasPrefix("swinit: no COMMAND to run\n"))
  }

  /// The environment may be empty: programs are found where POSIX has them.
  @Test(arguments: Place.available)
  func withoutEnvironment(at place: Place) throws {
    let run = try Run.swinit("sh", "-c", "exit 7", at: place, birth: ["env", "-i"])
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(7)))
  }

  /// There may be no `/proc`.
  @Test(.needs(.namespaces)) func withoutProc() throws {
    let unshare = ["unshare", isRoot ? "-fpm" : "-Urfpm", "--kill-child"]
    let hide = ["sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"]
    let orphan = try Run(unshare + hide + [Swinit.path, "-w", probe, "orphan", "setsid"]).outcome()
    #expect(orphan.output == "adopted by the parent\nreaped\n")
    #expect(orphan.errors.contains(/^swinit: reaped orphan \d+: exited with status 3\n$/))
    let run = try Run(unshare + hide + [Swinit.path, probe, "members", "2"])
    _ = try run.lines(2)
    try run.signal(SIGTERM)
    try run.expect(lines: ["0 15", "1 15"])
  }

  /// Standard error may be a pipe that is full, a pipe without a reader, or a full disk: that
  /// neither blocks swinit nor ends it.
  @Test(arguments: Place.available, [ErrorSink.fullPipe, .closedPipe, .file("/dev/full")])
  func withoutPlaceForErrors(at place: Place, _ sink: ErrorSink) throws {
    let script = "trap 'exit 7' TERM; echo ready; while :; do sleep 1000 & wait; done"
    let run = try Run.swinit("-vvw", "sh", "-c", script, at: place, errors: sink)
    try run.expect(line: "ready")
    for _ in 0..<50 { try run.signal(SIGURG) }
    try run.signal(SIGTERM)
    try run.expect(ending: .exited(7))
  }

  /// A message that can't be written doesn't change the status.
  @Test(arguments: [ErrorSink.fullPipe, .closedPipe, .file("/dev/full")])
  func withoutPlaceForAComplaint(_ sink: ErrorSink) throws {
    try Run.swinit("/no/such/file", at: .plain, errors: sink).expect(ending: .exited(127))
    try Run.swinit("--frob", at: .plain, errors: sink).expect(ending: .exited(125))
  }

  /// It needs no rights: neither a user's that counts for something, nor capabilities, nor the
  /// right to get new ones.
  @Test(.needs(.root), arguments: Place.available)
  func withoutRights(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let probe = try directory.copy(of: probe, "probe")
    let nobody = [
      "setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "--bounding-set=-all",
      "--inh-caps=-all", "--no-new-privs",
    ]
    let run = try Run(place.wrapper + nobody + [swinit, probe, "orphan", "setsid"])
    let outcome = try run.outcome()
    let output = "adopted by the parent\nreaped\n"
    #expect(outcome == Outcome(ending: .exited(0), output: output))
  }

  /// The file system may be read-only.
  @Test(.needs(.namespaces)) func withoutAPlaceToWrite() throws {
    let unshare = ["unshare", isRoot ? "-fpm" : "-Urfpm", "--mount-proc", "--kill-child"]
    let remount = ["sh", "-c", "mount -o remount,bind,ro / && exec \"$@\"", "sh"]
    let command = "(: >/x) 2>/dev/null && exit 1; exit 7"
    let outcome = try Run(unshare + remount + [Swinit.path, "sh", "-c", command]).outcome()
    #expect(outcome == Outcome(ending: .exited(7)))
  }
}
