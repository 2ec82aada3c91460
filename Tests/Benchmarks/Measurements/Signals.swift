import Foundation

/// The time of a signal from the `kill` of the init to the command's handler, on one processor, and
/// to the last handler of a group.
struct Signals {
  let rounds: Int
  /// The number of signals that each command sends.
  let of: Int
  /// The number of signals that each group of 100 receives.
  let groups: Int

  func measure(_ programs: Programs, into table: inout Table) throws {
    var single = Samples()
    // The value of each round counts, because the machine may have been busy during one of them.
    var worst = Samples()
    var group = Samples()
    try Machine.onOneProcessor {
      try takeTurns(programs.contestants, rounds: rounds) { contestant in
        var round = Sample()
        for span in try spans(contestant, programs, count: of, members: 1) {
          round.add(span)
          single[contestant].add(span)
        }
        worst[contestant].add(round.percentile(99))
        for span in try spans(contestant, programs, count: groups, members: 100) {
          group[contestant].add(span)
        }
      }
    }
    table.add(.signalMedian, single.medians(over: 1000))
    table.add(.signalWorst, worst.medians(over: 1000))
    table.add(.groupMedian, group.medians(over: 1000))
  }

  private func spans(
    _ contestant: Contestant, _ programs: Programs, count: Int, members: Int
  ) throws -> [Double] {
    // The first signals find the caches cold.
    let warmUp = 5
    let words = [programs.command, "signals", "\(count + warmUp)", "\(members)"]
    let running = try Running(contestant.words(words, toGroup: true), .processOne)
    let spans = try running.numbers(count + warmUp)
    _ = try running.end()
    return Array(spans.dropFirst(warmUp))
  }
}
