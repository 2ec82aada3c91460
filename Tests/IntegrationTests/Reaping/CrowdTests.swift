import Foundation
import Glibc
import TestSupport
import Testing

private let isCrowdRequested = ProcessInfo.processInfo.environment["CROWD"] == "1"

/// So many processes slow down everything that scans all of them, as the other tests do. Run this
/// alone, with `CROWD=1`.
@Suite(
  "Scanning many processes", .mostlyWaits, .serialized,
  .enabled(if: isCrowdRequested, "must be run alone, with CROWD=1"))
struct CrowdTests {
  @Test(
    "A scan for zombies among 20,000 processes takes little longer than reading their files in C",
    .needs([.root, .program("python3"), .program("nsenter", package: "util-linux")]),
    arguments: Place.allCases)
  func zombieScan(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let script = """
      \(crowdScript(20_000))
      if os.fork() == 0: os._exit(0)
      print("ready", flush=True)
      signal.pause()
      """
    let command = ["python3", try directory.file("script", script)]
    // The kernel kills all of them with their PID namespace.
    let above = Place.processOne.wrapper + (place == .plain ? ["sh", "-c", "\"$@\"; :", "sh"] : [])
    let run = try Run(above + [Swinit.path, "--zombie-check=2s"] + command)
    let swinit = try run.swinit()
    #expect(try run.line() == "ready")
    let (before, scansBefore) = (try processorTime(of: swinit), try wakeUps(of: swinit))
    let reference = try Run(["nsenter", "-t", "\(swinit)", "-p", "-m", probe, "look-at-all"])
    let references = try (1...3).map { _ in try #require(Int(reference.line())) }
    try run.wait(until: "swinit has scanned three times") {
      try wakeUps(of: swinit) >= scansBefore + 3
    }
    let scans = try wakeUps(of: swinit) - scansBefore
    let spent = try processorTime(of: swinit) - before
    let line = try run.errorLine()
    #expect(line.starts(with: /swinit: process \d+ \(python3\) has 1 zombie child\b/))
    // A debug build takes longer.
    let factor = Swinit.path.contains("/debug/") ? 3 : 1.25
    let ratio = Double(spent) / Double(scans) / (Double(references.reduce(0, +)) / 3)
    print("a scan takes \(ratio) times as long as in C, as \(place.rawValue)")
    #expect(ratio < factor, "\(spent) ns in \(scans) scans, \(references) ns in C")
  }

  private func wakeUps(of process: pid_t) throws -> Int {
    try #require(status(of: process, "voluntary_ctxt_switches").flatMap { Int($0) })
  }

  /// In nanoseconds. clock_getcpuclockid(3)
  private func processorTime(of process: pid_t) throws -> Int {
    var (clock, time) = (clockid_t(), timespec())
    try #require(unsafe clock_getcpuclockid(process, &clock) == 0)
    try check(unsafe clock_gettime(clock, &time))
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
