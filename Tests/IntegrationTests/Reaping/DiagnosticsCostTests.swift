import Foundation
import Glibc
import TestSupport
import Testing

/// What diagnostics cost while they are enabled, and that they cost nothing while they are not.
@Suite("The cost of diagnostics", .mostlyWaits) struct DiagnosticsCostTests {
  @Test(
    "Without diagnostics, swinit reads no process's name, and the memory counter once, after 5 ms without a signal",
    .needs(.program("strace")))
  func whenDisabled() throws {
    let calls = try trace("sh", "-c", "sleep 0.3")
    // Where swinit watches a cgroup v2, it reads the clock with the two counts.
    let readings = calls.count { $0.name.hasPrefix("pread") } / 2
    #expect(calls.count { $0.name == "clock_gettime" } <= 1 + readings)
    let opened = calls.filter { $0.name.hasPrefix("open") }.map(\.rest)
    #expect(opened.filter { $0.contains("\"/proc/\"") || $0.contains("/comm\"") }.isEmpty)
    #expect(opened.count { $0.contains("/proc/self/cgroup") } <= 1)
    let spawn = try #require(calls.firstIndex { $0.name.hasPrefix("clone") })
    let first = calls.firstIndex { $0.rest.contains("/proc/self/cgroup") } ?? calls.count
    #expect(first > spawn)
    let waits = calls[..<first].filter { $0.name == "rt_sigtimedwait" }
    #expect(waits.count == 1)
    #expect(waits.first?.rest.contains("tv_nsec=5000000}") == true)
    #expect(waits.first?.result.contains("EAGAIN") == true)
  }

  @Test("swinit reads no file for a command that exits at once", .needs(.program("strace")))
  func shortRuns() throws {
    let calls = try trace("true")
    let end = try #require(calls.lastIndex { $0.name == "wait4" && pid_t($0.result) ?? 0 > 0 })
    #expect(!calls[end...].contains { $0.name.hasPrefix("open") })
  }

  @Test(
    "The zombie check wakes swinit up once a period, and nothing else does",
    .needs(.program("strace")), arguments: Place.available)
  func zombieCheck(at place: Place) throws {
    // Before each scan swinit checks for pending signals, which does not sleep: two calls a period that
    // give EAGAIN. On a busy machine with many processes, a scan takes longer than the period.
    let all = try trace(["--zombie-check=300ms", "sleep", "1000"], at: place) { run, file in
      try run.wait(until: "three scans") {
        contents(of: file)?.components(separatedBy: " EAGAIN ").count ?? 0 > 6
      }
      try check(kill(run.command(), SIGTERM))
    }
    let calls = all.filter { !$0.isSignalCheck }
    let wakeUps = calls.indices.filter { calls[$0].isWait && calls[$0].isTimeout }
    // The last wait, or the last check, takes the signal of the command's exit.
    #expect(calls.count { $0.isWait } <= wakeUps.count + 1)
    // poll(2) takes no signal.
    let scans = calls.count { $0.name.hasPrefix("open") && $0.rest.contains("\"/proc\"") }
    #expect(all.count { $0.isSignalCheck } <= scans + calls.count { $0.isPoll } + 1)
    let moments = try wakeUps.map { wakeUp in
      let clock = try #require(calls[wakeUp...].first { $0.name == "clock_gettime" })
      return try seconds(of: clock)
    }
    let periods = zip(moments.dropFirst(), moments).map { $0 - $1 }
    #expect(periods.count > 1 && periods.allSatisfy { $0 > 0.299_999 }, "\(periods)")
  }

  @Test("Diagnostics allocate no memory", .needs(.program("strace")))
  func noAllocations() throws {
    let options = ["--zombie-check=50ms", "-w", "-v", "--log-format=json"]
    let calls = try trace(options + ["sh", "-c", "(sleep 0.2 &); (sleep 0.3 &); sleep 0.6"])
    let spawn = try #require(calls.firstIndex { $0.name.hasPrefix("clone") })
    #expect(!calls[spawn...].contains { ["brk", "mmap", "mremap"].contains($0.name) })
  }

  /// The time that `clock_gettime` returned.
  private func seconds(of call: Strace.Call) throws -> Double {
    let match = try #require(call.rest.firstMatch(of: /tv_sec=(\d+), tv_nsec=(\d+)/), "\(call)")
    return try #require(Double(match.1)) + #require(Double(match.2)) / 1e9
  }

  /// The system calls of swinit itself.
  private func trace(_ arguments: String...) throws -> [Strace.Call] { try trace(arguments) }

  private func trace(
    _ arguments: [String], at place: Place = .plain,
    _ body: (Run, _ file: String) throws -> Void = { _, _ in }
  ) throws -> [Strace.Call] {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    let run = try Run(["strace", "-f", "-o", file] + place.wrapper + [Swinit.path] + arguments)
    try body(run, file)
    _ = try run.ending()
    let strace = try Strace(file)
    let start = strace.calls.first {
      $0.name == "execve" && $0.rest.contains("\"\(Swinit.path)\", [")
    }
    return strace.calls(of: try #require(start?.process))
  }
}
