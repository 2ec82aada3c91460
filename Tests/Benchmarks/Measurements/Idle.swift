import Foundation

/// The resources of an idle init, as PID 1 and with five additional descriptors.
struct Idle {
  let starts: Int
  let seconds: Double

  func measure(_ programs: Programs, into table: inout Table) throws {
    try measureMemory(programs, into: &table)
    var before: [Contestant: ResourceUse] = [:]
    var wakeUps: [Contestant: Double] = [:]
    var processor: [Contestant: Double] = [:]
    var descriptors: [Contestant: Double] = [:]
    var runs: [Contestant: pid_t] = [:]
    for contestant in programs.contestants { runs[contestant] = try start(contestant, programs) }
    for (contestant, process) in runs { before[contestant] = ResourceUse(process) }
    Thread.sleep(forTimeInterval: seconds)
    for (contestant, process) in runs {
      guard let before = before[contestant] else { continue }
      let after = ResourceUse(process)
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
      let memory = MemoryUse(process)
      resident[contestant].add(memory.resident)
      proportional[contestant].add(memory.proportional)
      own[contestant].add(memory.own)
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
}
