import Foundation
import TestSupport
import Testing

/// What it costs to be told more, and that it costs nothing not to be.
@Suite struct WatchfulnessTests {
  /// Nobody's name is read, and no clock, but with the memory's count; and that is read once, when
  /// there is nothing else to do, and COMMAND has had 5 ms to itself.
  @Test(.needs(.program("strace"))) func isFreeWhenOff() throws {
    let calls = try trace("sh", "-c", "sleep 0.3")
    #expect(calls.count { $0.name == "clock_gettime" } <= 1)
    #expect(!calls.contains { $0.name == "waitid" })
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

  /// A COMMAND that ends at once doesn't wait for any of it.
  @Test(.needs(.program("strace"))) func isLeftOutOfShortRuns() throws {
    let calls = try trace("true")
    let end = try #require(calls.lastIndex { $0.name == "wait4" && pid_t($0.result) ?? 0 > 0 })
    #expect(!calls[end...].contains { $0.name.hasPrefix("open") })
  }

  /// The check for zombies wakes swinit up once a period, and for nothing else. (While others begin
  /// and end, the kernel may let it wait for one of their files: not for five times in a row.)
  @Test(arguments: Place.available) func isOneWakeUpAPeriod(at place: Place) async throws {
    let run = try Run.swinit("--zombie-check", "500ms", "sleep", "1000", at: place)
    _ = try run.command()
    let swinit = try run.swinit()
    try run.wait(until: "swinit has looked") { try wakeUps(of: swinit) > 1 }
    var counts: [(wakeUps: Int, periods: Int)] = []
    repeat {
      let (start, before) = (Date(), try wakeUps(of: swinit))
      try await Task.sleep(for: .seconds(3))
      let periods = Int(Date().timeIntervalSince(start) / 0.5)
      counts.append((try wakeUps(of: swinit) - before, periods))
    } while counts.count < 5 && counts.last.map { $0.wakeUps > $0.periods + 1 } ?? false
    let last = try #require(counts.last)
    #expect(last.wakeUps <= last.periods + 1 && last.wakeUps > 0, "\(counts)")
  }

  /// Looking at its files takes no memory that isn't given back: nothing is allocated.
  @Test(.needs(.program("strace"))) func allocatesNothing() throws {
    let options = ["--zombie-check=50ms", "-w", "-v", "--log-format=json"]
    let calls = try trace(options + ["sh", "-c", "(sleep 0.2 &); (sleep 0.3 &); sleep 0.6"])
    let spawn = try #require(calls.firstIndex { $0.name.hasPrefix("clone") })
    #expect(!calls[spawn...].contains { ["brk", "mmap", "mremap"].contains($0.name) })
  }

  private func wakeUps(of process: pid_t) throws -> Int {
    try #require(status(of: process, "voluntary_ctxt_switches").flatMap { Int($0) })
  }

  /// The calls of swinit itself.
  private func trace(_ words: String...) throws -> [Strace.Call] { try trace(words) }

  private func trace(_ words: [String]) throws -> [Strace.Call] {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    _ = try Run(["strace", "-f", "-o", file, Swinit.path] + words).ending()
    let strace = try Strace(file)
    return strace.calls(of: try #require(strace.root))
  }
}
