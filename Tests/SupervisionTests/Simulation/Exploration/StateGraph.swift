/// The states that were found, each known by its hash, and the steps between them.
struct StateGraph {
  private var numbers: [Int: Int32] = [:]
  /// Whence each state was first come to, and by which choices there.
  private var origins: [Int32] = []
  private var choices: [[UInt8]] = []
  /// Where the steps from each state begin in `targets`, in the order in which they are looked at.
  private var starts: [Int] = []
  private var targets: [Int32] = []

  var count: Int { origins.count }
  var edges: Int { targets.count }

  /// Adds a state, and a step to it; gives whether it is new. With 64 bits of hash, the odds that
  /// one of a million states is taken for another are one to forty million.
  @discardableResult
  mutating func add(_ state: some Hashable, from origin: Int?, _ choices: [Int]) -> Bool {
    let new = Int32(count)
    let number = numbers[state.hashValue, default: new]
    if origin != nil { targets.append(number) }
    guard number == new else { return false }
    numbers[state.hashValue] = new
    origins.append(origin.map { Int32($0) } ?? -1)
    self.choices.append(choices.map { UInt8($0) })
    return true
  }

  /// Begins with the steps from the next state; gives its number. States are taken in the order in
  /// which they were added.
  mutating func open() -> Int {
    starts.append(targets.count)
    return starts.count - 1
  }

  /// The choices that lead to a state, step by step.
  func way(to state: Int) -> [[Int]] {
    var way: [[Int]] = []
    var number = Int32(state)
    while origins[Int(number)] >= 0 {
      way.append(choices[Int(number)].map { Int($0) })
      number = origins[Int(number)]
    }
    return way.reversed()
  }

  /// How many ways there are from the first state to one without further steps; nil if some way
  /// goes round for ever.
  var paths: Double? {
    let (order, isComplete) = sorted
    guard isComplete else { return nil }
    var paths = [Double](repeating: 0, count: count)
    paths[0] = 1
    var sum = 0.0
    for state in order {
      let successors = steps(from: Int(state))
      if successors.isEmpty { sum += paths[Int(state)] }
      for target in successors { paths[Int(target)] += paths[Int(state)] }
    }
    return sum
  }

  /// A state on a way that goes round for ever, or behind one.
  var someOnCycle: Int {
    let reached = Set(sorted.order)
    return (0..<count).first { !reached.contains(Int32($0)) } ?? 0
  }

  private func steps(from state: Int) -> ArraySlice<Int32> {
    targets[starts[state]..<(state + 1 < starts.count ? starts[state + 1] : targets.count)]
  }

  /// All states, each behind those that lead to it, but for those on circles and behind them.
  private var sorted: (order: [Int32], isComplete: Bool) {
    var entries = [Int32](repeating: 0, count: count)
    for target in targets { entries[Int(target)] += 1 }
    var order: [Int32] = entries[0] == 0 ? [0] : []
    var next = 0
    while next < order.count {
      for target in steps(from: Int(order[next])) {
        entries[Int(target)] -= 1
        if entries[Int(target)] == 0 { order.append(target) }
      }
      next += 1
    }
    return (order, order.count == count)
  }
}
