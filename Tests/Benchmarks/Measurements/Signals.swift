import Foundation

/// How long a signal takes from the `kill` of the init to COMMAND's handler, on one processor; and
/// to the last handler of a group.
struct Signals {
  let rounds: Int
  /// How many signals each COMMAND sends.
  let of: Int
  /// How many signals each group of 100 is sent.
  let groups: Int

  func measure(_ programs: Programs, into table: inout Table) throws {
    var single = Samples()
    // Of each round: in one of them the machine may have had something else to do.
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
    // The first ones find nothing in the caches.
    let warmUp = 5
    let words = [programs.command, "signals", "\(count + warmUp)", "\(members)"]
    let running = try Running(contestant.words(words, toGroup: true), .processOne)
    let spans = try running.numbers(count + warmUp)
    _ = try running.end()
    return Array(spans.dropFirst(warmUp))
  }
}
