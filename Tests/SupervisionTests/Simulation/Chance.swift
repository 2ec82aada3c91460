/// What decides where more than one thing may come about.
protocol Chance {
  /// One of the numbers from zero on, below `count`, which is at least 1.
  mutating func below(_ count: Int) -> Int
  /// The same, where it makes no difference to swinit.
  mutating func alike(_ count: Int) -> Int
}

extension Chance {
  mutating func element<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }
}

extension SplitMix64: Chance {
  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
  mutating func alike(_ count: Int) -> Int { below(count) }
}

/// Every decision that there is, one run after the other: run, `advance`, run again, until that
/// gives false.
struct Script: Chance {
  private(set) var choices: [Int] = []
  private var counts: [Int] = []
  private var position = 0

  init() {}

  /// One run with these decisions.
  init(_ choices: [Int]) {
    self.choices = choices
    counts = choices.map { $0 + 1 }
  }

  mutating func below(_ count: Int) -> Int {
    if position == choices.count {
      choices.append(0)
      counts.append(count)
    }
    defer { position += 1 }
    return choices[position]
  }

  mutating func alike(_ count: Int) -> Int { 0 }

  /// Goes to the next run's decisions; false after the last.
  mutating func advance() -> Bool {
    position = 0
    while let choice = choices.popLast(), let count = counts.popLast() {
      if choice + 1 < count {
        choices.append(choice + 1)
        counts.append(count)
        return true
      }
    }
    return false
  }
}
