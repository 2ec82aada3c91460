import Foundation
import Glibc
import TestSupport
import Testing

/// The duration of a soak in seconds: `SOAK=1800` by hand, `SOAK=60` in CI.
private let seconds = ProcessInfo.processInfo.environment["SOAK"].flatMap { Int($0) } ?? 5

/// `SEED=NUMBER` repeats a random run.
private let seed =
  ProcessInfo.processInfo.environment["SEED"].flatMap { Int($0) } ?? Int.random(in: 1...999_999)

@Suite("Soak", .needs(shippedSwinit)) struct SoakTests {
  /// The faults: orphans of all kinds, signals, stops, nested swinits that exit, are stopped and
  /// are killed, forks that fail, exhausted memory, reused process IDs; swinit itself is stopped
  /// and continued.
  @Test(
    "A soak with random faults leaks no memory, descriptor or zombie, and reaps each process once",
    .needs([.root, .namespaces, ControlGroup.need, ResourceLimit.processesNeed]),
    arguments: Place.allCases)
  func leaksNothing(at place: Place) throws {
    print("soak as \(place.rawValue): SOAK=\(seconds) SEED=\(seed)")
    let directory = try TemporaryDirectory()
    let ledger = try directory.file("ledger", "")
    try ControlGroup.withGroup(limit: 64 << 20) { group in
      let limit = try ResourceLimit.processes(2000, beside: group)
      let run = try Run(
        limit.wrapper + group.wrapper + place.namespaced
          + [Swinit.path, "-vv", "--zombie-check=500ms", probe, "soak", "\(seed)", "\(seconds)"]
          + [ledger, Swinit.path, limit.file],
        errors: .file(directory("messages")))
      defer { run.keeps.append(limit) }
      do {
        try soak(run, place)
      } catch {
        let messages = contents(of: directory("messages")) ?? ""
        Issue.record("\(error): \(messages.suffix(1000))")
      }
    }
    try compare(ledger, directory("messages"))
  }

  private func soak(_ run: Run, _ place: Place) throws {
    try run.expect(line: "warm")
    let swinit = try run.swinit()
    let before = try HeldResources(of: swinit)
    var random = SystemRandomNumberGenerator()
    var figures: [String] = []
    // Stopping swinit for a moment is one of the faults.
    try run.wait(until: "the end of the soak", within: Double(seconds) + Run.limit) {
      while let line = run.takeLine() {
        if line == "done" { return true }
        figures.append(line)
      }
      usleep(.random(in: 100_000...1_000_000, using: &random))
      try check(kill(swinit, SIGSTOP))
      usleep(.random(in: 0...20_000, using: &random))
      try check(kill(swinit, SIGCONT))
      return false
    }
    print("soak as \(place.rawValue): \(figures.joined(separator: ", "))")
    try run.wait(until: "swinit is at rest") { state(of: swinit) == "S" }
    let after = try HeldResources(of: swinit)
    print("soak as \(place.rawValue): \(before.memory) kB, then \(after.memory) kB")
    #expect(try descriptors(of: swinit).others == ["0", "1", "2"])
    #expect(after.ownMemory <= before.ownMemory)
    #expect(ProcessTable().zombies(below: run.nest).isEmpty)
    try run.signal(SIGUSR1)
    try run.expect(ending: .exited(23))
    #expect(run.strayProcesses() == 0)
  }

  /// Expects that swinit reaped exactly the processes that exited, each with its status.
  private func compare(_ ledger: String, _ messages: String) throws {
    let reaped = "swinit: reaped process "
    var balance: [Substring: Int] = [:]
    for line in try #require(contents(of: ledger)).split(separator: "\n") {
      balance[line, default: 0] += 1
    }
    let total = balance.values.reduce(0, +)
    for line in try #require(contents(of: messages)).split(separator: "\n")
    where line.hasPrefix(reaped) {
      // The ledger has a colon in place of these words.
      let entry = line.dropFirst(reaped.count).replacing(", which ", with: ": ")
      balance[Substring(entry), default: 0] -= 1
    }
    print("soak: \(total) orphans reaped")
    let wrong = balance.filter { $0.value != 0 }
    #expect(total > 0 && wrong.isEmpty, "\(wrong)")
  }
}
