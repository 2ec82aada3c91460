import Foundation
import TestSupport
import Testing

/// What it costs to be told more, and that it costs nothing not to be.
@Suite struct DiagnosticsCostTests {
  /// Nobody's name is read, and no clock, but with the memory's count; and that is read once, when
  /// there is nothing else to do, and COMMAND has had 5 ms to itself.
  @Test(.needs(.program("strace"))) func isFreeWhenOff() throws {
    let calls = try trace("sh", "-c", "sleep 0.3")
    #expect(calls.count { $0.name == "clock_gettime" } <= 1)
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

  /// The check for zombies wakes swinit up once a period, and nothing else does.
  @Test(.needs(.program("strace")), arguments: Place.available)
  func isOneWakeUpAPeriod(at place: Place) throws {
    let all = try trace(["--zombie-check=300ms", "sleep", "2"], at: place)
    // Before each scan there is a look for pending signals, which doesn't sleep.
    let isLook = { (call: Strace.Call) in
      call.name == "rt_sigtimedwait" && call.rest.contains("{tv_sec=0, tv_nsec=0}")
    }
    let calls = all.filter { !isLook($0) }
    let wakeUps = calls.indices.filter {
      calls[$0].name == "rt_sigtimedwait" && calls[$0].result.contains("EAGAIN")
    }
    // The last is COMMAND's end.
    #expect(calls.count { $0.name == "rt_sigtimedwait" } == wakeUps.count + 1)
    #expect(all.count(where: isLook) == wakeUps.count)
    let moments = try wakeUps.map { wakeUp in
      let clock = try #require(calls[wakeUp...].first { $0.name == "clock_gettime" })
      return try seconds(of: clock)
    }
    let periods = zip(moments.dropFirst(), moments).map { $0 - $1 }
    #expect(periods.count > 1 && periods.allSatisfy { $0 > 0.299_999 }, "\(periods)")
  }

  /// Looking at its files takes no memory that isn't given back: nothing is allocated.
  @Test(.needs(.program("strace"))) func allocatesNothing() throws {
    let options = ["--zombie-check=50ms", "-w", "-v", "--log-format=json"]
    let calls = try trace(options + ["sh", "-c", "(sleep 0.2 &); (sleep 0.3 &); sleep 0.6"])
    let spawn = try #require(calls.firstIndex { $0.name.hasPrefix("clone") })
    #expect(!calls[spawn...].contains { ["brk", "mmap", "mremap"].contains($0.name) })
  }

  /// What `clock_gettime` gave.
  private func seconds(of call: Strace.Call) throws -> Double {
    let match = try #require(call.rest.firstMatch(of: /tv_sec=(\d+), tv_nsec=(\d+)/), "\(call)")
    return try #require(Double(match.1)) + #require(Double(match.2)) / 1e9
  }

  /// The calls of swinit itself.
  private func trace(_ words: String...) throws -> [Strace.Call] { try trace(words) }

  private func trace(_ words: [String], at place: Place = .plain) throws -> [Strace.Call] {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    _ = try Run(["strace", "-f", "-o", file] + place.wrapper + [Swinit.path] + words).ending()
    let strace = try Strace(file)
    let start = strace.calls.first {
      $0.name == "execve" && $0.rest.contains("\"\(Swinit.path)\", [")
    }
    return strace.calls(of: try #require(start?.process))
  }
}
