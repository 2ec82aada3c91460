import Foundation

/// The resources of an idle init, as PID 1 and with five additional descriptors.
struct Idle {
  let starts: Int
  let seconds: Double

  func measure(_ programs: Programs, into table: inout Table) throws {
    try measureMemory(programs, into: &table)
    var before: [Contestant: State] = [:]
    var wakeUps: [Contestant: Double] = [:]
    var processor: [Contestant: Double] = [:]
    var descriptors: [Contestant: Double] = [:]
    var runs: [Contestant: pid_t] = [:]
    for contestant in programs.contestants { runs[contestant] = try start(contestant, programs) }
    for (contestant, process) in runs { before[contestant] = State(process) }
    Thread.sleep(forTimeInterval: seconds)
    for (contestant, process) in runs {
      guard let before = before[contestant] else { continue }
      let after = State(process)
      wakeUps[contestant] = (after.switches - before.switches) * 10 / seconds
      processor[contestant] = (after.processorNanoseconds - before.processorNanoseconds) / 1000
      descriptors[contestant] = Double(
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count)
      Foundation.kill(process, SIGKILL)
      _ = try Running.end(of: process)
    }
    table.add(.wakeUps, wakeUps)
    table.add(.idleProcessor, processor.mapValues { $0 * 10 / seconds })
    table.add(.descriptors, descriptors)
  }

  private func measureMemory(_ programs: Programs, into table: inout Table) throws {
    var resident = Samples()
    var proportional = Samples()
    var own = Samples()
    try takeTurns(programs.contestants, rounds: starts) { contestant in
      let process = try start(contestant, programs)
      let lines = contents(of: "/proc/\(process)/smaps_rollup").split(separator: "\n")
      let kilobytes = { (name: String) in
        lines.first { $0.hasPrefix(name + ":") }?.split(separator: " ").dropFirst().first
          .flatMap { Double($0) } ?? 0
      }
      resident[contestant].add(kilobytes("Rss"))
      proportional[contestant].add(kilobytes("Pss"))
      // What a further container costs. `Private_Dirty` has pages of the file too while the kernel has
      // not yet written a new file to the disk.
      own[contestant].add(kilobytes("Anonymous"))
      Foundation.kill(process, SIGKILL)
      _ = try Running.end(of: process)
    }
    table.add(.resident, resident.medians())
    table.add(.proportional, proportional.medians())
    table.add(.own, own.medians())
  }

  /// An idle init whose command is running.
  private func start(_ contestant: Contestant, _ programs: Programs) throws -> pid_t {
    let words = Words(contestant.words([programs.command, "tree", "1"]))
    let process = Running.start(words, .processOne, 7)
    if process < 0 { throw Failure("cannot start \(contestant.name)") }
    // Every contestant is idle after this time.
    Thread.sleep(forTimeInterval: 0.1)
    return process
  }

  /// The resources that a process has used so far.
  private struct State {
    /// How often it gave up its processor, of its own accord or not.
    let switches: Double
    let processorNanoseconds: Double

    init(_ process: pid_t) {
      switches = contents(of: "/proc/\(process)/status").split(separator: "\n")
        .filter { $0.contains("ctxt_switches") }
        .compactMap { $0.split(separator: "\t").last.flatMap { Double($0) } }
        .reduce(0, +)
      let words = contents(of: "/proc/\(process)/schedstat").split(separator: " ")
      processorNanoseconds = words.first.flatMap { Double($0) } ?? 0
    }
  }
}
