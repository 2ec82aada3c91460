import Foundation
import Glibc
import TestSupport
import Testing

/// Without `/proc`, descendants can't be told from others.
@Suite(.serialized) struct MissingProcTests {
  private static let warning =
    "swinit: cannot read /proc to find all processes to end: signalling those known\n"

  /// What there is in place of `/proc`: nothing, or that of another PID namespace.
  enum Lack: CaseIterable {
    case hidden
    case foreign
  }

  /// As PID 1 everybody is told, and killed at the deadline, and that is said once.
  @Test(.needs(.root), .needs(.namespaces), arguments: Lack.allCases)
  func tellsAllAsPID1(_ lack: Lack) throws {
    try expectDuration(of: 2) { stopwatch in
      let hide = lack == .hidden ? hiding : []
      let run = try Run(
        ["unshare", "-fpm", "--kill-child"] + hide + [Swinit.path, "-k", "2s", probe, "tree"])
      try run.expect(line: "COMMAND ready")
      stopwatch.start()
      try run.signal(SIGUSR1)
      let outcome = try run.outcome()
      stopwatch.stop()
      #expect(outcome.ending == .exited(5))
      #expect(outcome.errors == Self.warning)
      let lines = outcome.output.split(separator: "\n")
      for name in ["slow", "deaf", "daemon", "stopped", "forker"] {
        #expect(lines.contains("\(name) 15"))
      }
      #expect(lines.contains("slow finished"))
    }
  }

  /// Otherwise COMMAND's group is, and swinit waits for the others at most until 2 s after that.
  @Test(.needs(.root)) func tellsTheGroup() throws {
    try expectDuration(of: 2.5) { stopwatch in
      let run = try Run(
        ["unshare", "-m"] + hiding + [Swinit.path, "-k", "500ms", probe, "tree"])
      try run.expect(line: "COMMAND ready")
      stopwatch.start()
      try run.signal(SIGTERM)
      let ending = try run.ending()
      stopwatch.stop()
      let outcome = try run.outcome()
      #expect(ending == .exited(7))
      #expect(outcome.errors == Self.warning)
      let lines = outcome.output.split(separator: "\n")
      for name in ["slow", "deaf", "stopped", "forker"] {
        #expect(lines.count { $0 == "\(name) 15" } == 1)
      }
      #expect(!lines.contains("daemon 15"))
    }
  }

  /// Nothing is missed, and nothing said, when `--kill-after` isn't asked for.
  @Test(.needs(.root)) func isNotMissed() throws {
    let run = try Run(["unshare", "-m"] + hiding + [Swinit.path, "sh", "-c", "exit 5"])
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(5)))
  }

  private let hiding = ["sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"]
}
