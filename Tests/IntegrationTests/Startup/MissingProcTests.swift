import Foundation
import Glibc
import TestSupport
import Testing

/// Without `/proc`, swinit cannot tell its descendants from other processes.
@Suite("Operation without /proc", .mostlyWaits, .serialized) struct MissingProcTests {
  private static let warning =
    "swinit: cannot read /proc to find all descendants; signalling those within reach\n"

  private static func expiry(of gracePeriod: String) -> String {
    "swinit: grace period (\(gracePeriod)) expired: killed the remaining processes\n"
  }

  /// What is mounted in place of `/proc`: an empty directory, or that of another PID namespace.
  enum Substitute: CaseIterable {
    case hidden
    case foreign
  }

  @Test(
    "Without /proc, PID 1 signals and kills all processes, and reports once that it cannot read /proc",
    .needs(.root), .needs(.namespaces), arguments: Substitute.allCases)
  func asPID1(_ substitute: Substitute) throws {
    try expectDuration(of: 4) { stopwatch in
      let hide = substitute == .hidden ? hiding : []
      let run = try Run(
        ["unshare", "-fpm", "--kill-child"] + hide + [Swinit.path, "-k", "4s", probe, "tree"])
      try run.expect(line: "COMMAND ready")
      stopwatch.start()
      try run.signal(SIGUSR1)
      let outcome = try run.outcome()
      stopwatch.stop()
      #expect(outcome.ending == .exited(5))
      #expect(outcome.errors == Self.warning + Self.expiry(of: "4s"))
      let lines = outcome.output.split(separator: "\n")
      for name in ["slow", "deaf", "daemon", "stopped", "forker"] {
        #expect(lines.contains("\(name) 15"))
      }
      #expect(lines.contains("slow finished"))
    }
  }

  @Test(
    "Without /proc, a plain process signals the command's group and exits within 2 s of the deadline",
    .needs(.root))
  func asPlainProcess() throws {
    try expectDuration(of: 6, atMost: 1.1) { stopwatch in
      let run = try Run(
        ["unshare", "-m"] + hiding + [Swinit.path, "-k", "4s", probe, "tree"])
      try run.expect(line: "COMMAND ready")
      stopwatch.start()
      try run.signal(SIGTERM)
      let ending = try run.ending()
      stopwatch.stop()
      let outcome = try run.outcome()
      #expect(ending == .exited(7))
      #expect(outcome.errors == Self.warning + Self.expiry(of: "4s"))
      let lines = outcome.output.split(separator: "\n")
      for name in ["slow", "deaf", "stopped", "forker"] {
        #expect(lines.count { $0 == "\(name) 15" } == 1)
      }
      #expect(!lines.contains("daemon 15"))
    }
  }

  @Test("Without /proc and --kill-after, swinit reports nothing", .needs(.root))
  func withoutGracePeriod() throws {
    let run = try Run(["unshare", "-m"] + hiding + [Swinit.path, "sh", "-c", "exit 5"])
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(5)))
  }

  private let hiding = ["sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"]
}
