/// Repeated measurements of one quantity.
struct Sample {
  private(set) var values: [Double] = []

  mutating func add(_ value: Double) { values.append(value) }

  /// The median.
  var median: Double { percentile(50) }

  /// The range in which the middle half of the values lies.
  var quartiles: ClosedRange<Double> { percentile(25)...percentile(75) }

  /// A percentile.
  func percentile(_ percent: Int) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[(sorted.count - 1) * percent / 100]
  }
}

/// Samples of each contestant. They take turns: the first in a round is the last in the next.
struct Samples {
  private(set) var of: [Contestant: Sample] = [:]

  subscript(contestant: Contestant) -> Sample {
    get { of[contestant] ?? Sample() }
    set { of[contestant] = newValue }
  }

  /// The medians, in units of `divisor`.
  func medians(over divisor: Double = 1) -> [Contestant: Double] {
    of.mapValues { $0.median / divisor }
  }
}

/// Calls `body` for each contestant in each round. The rounds begin with one after the other.
func takeTurns(
  _ contestants: [Contestant], rounds: Int, _ body: (Contestant) throws -> Void
) rethrows {
  for round in 0..<rounds {
    for turn in contestants.indices {
      try body(contestants[(round + turn) % contestants.count])
    }
  }
}
