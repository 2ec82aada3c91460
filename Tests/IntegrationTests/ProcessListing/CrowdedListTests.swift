import Foundation
import TestSupport
import Testing

private let isCrowdRequested = ProcessInfo.processInfo.environment["CROWD"] == "1"

/// See CrowdTests: run this alone, with `CROWD=1`.
@Suite(
  "Listing many processes", .mostlyWaits, .serialized,
  .enabled(if: isCrowdRequested, "must be run alone, with CROWD=1"),
  .needs([
    .root, .program("python3"), .program("nsenter", package: "util-linux"),
    .program("ps", package: "procps"),
  ]))
struct CrowdedListTests {
  /// Gives the beginning of a command line that runs a program among so many processes, which the
  /// kernel kills with their PID namespace.
  private func withCrowd(of count: Int, _ body: ([String]) throws -> Void) throws {
    let directory = try TemporaryDirectory()
    let script = """
      \(crowdScript(count))
      print("ready", flush=True)
      signal.pause()
      """
    let run = try Run(
      Place.processOne.wrapper + [
        Swinit.path, "python3", try directory.file("script", script),
      ])
    let swinit = try run.swinit()
    #expect(try run.line() == "ready")
    try body(["nsenter", "-t", "\(swinit)", "-p", "-m"])
  }

  @Test("5,000 processes are listed in at most twice the time that ps -ef --forest takes")
  func time() throws {
    try withCrowd(of: 5000) { enter in
      func time(_ command: String...) throws -> Double {
        try duration {
          let status = try Run(enter + ["sh", "-c", "\"$@\" >/dev/null", "sh"] + command).ending()
          #expect(status == .exited(0))
        }
      }
      try expectDuration(atMost: 2, of: { try time("ps", "-ef", "--forest") }) {
        try time(Swinit.path, "--ps")
      }
    }
  }

  @Test("40,000 processes are all listed, or as many as the machine allows")
  func most() throws {
    let limit = contents(of: "/proc/sys/kernel/pid_max").flatMap {
      Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let count = min(40_000, (limit ?? 32_768) - 3000)
    try withCrowd(of: count) { enter in
      // swinit and Python besides.
      let outcome = try Run(enter + [Swinit.path, "--ps"]).outcome()
      #expect(outcome.ending == .exited(0))
      #expect(outcome.output.contains("\nprocesses: \(count + 2), "))
      #expect(outcome.output.split(separator: "\n").count >= count + 4)
    }
  }
}
