import Foundation

/// The time that an init adds to a command of a few instructions, from before the spawn until after
/// the wait, as a plain process.
struct Start {
  let repetitions: Int

  func measure(_ programs: Programs, into table: inout Table) throws {
    let alone = Contestant(name: "nothing", path: programs.noop, role: .floor)
    let all = [alone] + programs.contestants
    let words = Dictionary(
      uniqueKeysWithValues: all.map { contestant in
        (
          contestant,
          Words(contestant == alone ? [programs.noop] : contestant.plainWords([programs.noop]))
        )
      })
    var wall = Samples()
    var processor = Samples()
    var faults = Samples()
    try Machine.onOneProcessor {
      try takeTurns(all, rounds: repetitions) { contestant in
        guard let words = words[contestant] else { return }
        let start = now()
        let end = try Running.end(of: Running.start(words, .plain))
        wall[contestant].add(now() - start)
        guard end.status == 0 else { throw Failure("\(contestant.name) gives \(end.status)") }
        processor[contestant].add(end.processorNanoseconds)
        faults[contestant].add(end.pageFaults)
      }
    }
    for (row, samples, divisor) in [
      (Row.Name.startWall, wall, 1000.0), (.startProcessor, processor, 1000),
      (.startFaults, faults, 1),
    ] {
      var medians = samples.medians(over: divisor)
      let base = medians.removeValue(forKey: alone) ?? 0
      let quartiles = samples.of.mapValues { sample in
        let range = sample.quartiles
        return (range.lowerBound / divisor - base)...(range.upperBound / divisor - base)
      }
      table.add(
        row, medians.mapValues { $0 - base }, over: base,
        quartiles: row == .startWall ? quartiles : [:])
    }
  }
}
