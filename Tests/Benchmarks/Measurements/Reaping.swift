/// The cost of orphans for the init that adopts and reaps them, as PID 1.
struct Reaping {
  /// The number of orphans, and of rounds one by one and in a flood.
  let rounds: [(orphans: Int, singly: Int, floods: Int)]

  func measure(_ programs: Programs, into table: inout Table) throws {
    for (orphans, singly, floods) in rounds {
      try Machine.onOneProcessor {
        try measureSingly(orphans, rounds: singly, programs, into: &table)
      }
      try measureFlood(orphans, rounds: floods, programs, into: &table)
    }
  }

  /// Each orphan is created when the previous one is reaped: equal numbers of signals and sweeps
  /// make the processor times comparable.
  private func measureSingly(
    _ orphans: Int, rounds: Int, _ programs: Programs, into table: inout Table
  ) throws {
    var processor = Samples()
    try takeTurns(programs.contestants, rounds: rounds) { contestant in
      let results = try results(contestant, programs, orphans, most: 1)
      processor[contestant].add(results[0] / Double(orphans))
    }
    table.add(.reapingProcessor(orphans), processor.medians(over: 1000))
  }

  /// Orphans are created as fast as one process can, and the init has a processor of its own.
  private func measureFlood(
    _ orphans: Int, rounds: Int, _ programs: Programs, into table: inout Table
  ) throws {
    var processor = Samples()
    var zombies = Samples()
    var last = Samples()
    try takeTurns(programs.contestants, rounds: rounds) { contestant in
      let results = try results(contestant, programs, orphans, most: orphans)
      processor[contestant].add(results[0] / Double(orphans))
      zombies[contestant].add(results[1])
      last[contestant].add(results[2])
    }
    table.add(.floodProcessor(orphans), processor.medians(over: 1000))
    table.add(.zombies(orphans), zombies.of.mapValues { $0.values.max() ?? 0 })
    table.add(.lastZombie(orphans), last.medians(over: 1000))
  }

  private func results(
    _ contestant: Contestant, _ programs: Programs, _ orphans: Int, most: Int
  ) throws -> [Double] {
    let words = contestant.words([programs.command, "orphans", "\(orphans)", "\(most)"])
    let running = try Running(words, .processOne)
    let results = try running.numbers(3)
    _ = try running.end()
    return results
  }
}
