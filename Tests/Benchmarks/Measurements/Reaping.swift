/// What orphans cost the init that adopts and reaps them, as PID 1, on one processor.
struct Reaping {
  /// How many orphans, how often.
  let rounds: [(orphans: Int, repetitions: Int)]

  func measure(_ programs: Programs, into table: inout Table) throws {
    for (orphans, repetitions) in rounds {
      var processor = Samples()
      var zombies = Samples()
      var last = Samples()
      try Machine.onOneProcessor {
        try takeTurns(programs.contestants, rounds: repetitions) { contestant in
          let words = contestant.words([programs.command, "orphans", "\(orphans)"])
          let running = try Running(words, .processOne)
          let results = try running.numbers(3)
          _ = try running.end()
          processor[contestant].add(results[0] / Double(orphans))
          zombies[contestant].add(results[1])
          last[contestant].add(results[2])
        }
      }
      table.add(.reapingProcessor(orphans), processor.medians(over: 1000))
      table.add(.zombies(orphans), zombies.of.mapValues { $0.values.max() ?? 0 })
      table.add(.lastZombie(orphans), last.medians(over: 1000))
    }
  }
}
