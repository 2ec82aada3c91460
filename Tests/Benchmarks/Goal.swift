/// A goal of swinit, and whether it is reached.
struct Goal: CustomStringConvertible {
  let words: String
  let value: Double
  let limit: Double

  /// Rounded to two digits, as it is printed.
  var isReached: Bool { (value * 100).rounded() <= limit * 100 }

  var description: String {
    let digits = limit < 100 && limit > 0 ? 2 : 0
    return "\(isReached ? "reached    " : "NOT REACHED") \(words): "
      + "\(value.written(digits: digits)) of \(limit.written(digits: digits))"
  }

  /// All goals that a table can decide.
  static func all(in table: Table) -> [Goal] {
    var goals: [Goal] = []
    let add = { (words: String, value: Double?, limit: Double) in
      if let value { goals.append(Goal(words: words, value: value, limit: limit)) }
    }
    let size = table[.size]
    add("the file's bytes", size?.swinit, 63_000)
    add("the file, of the smallest static peer's", size?.ratioToBestPeer, 1 / 10)
    add("start, of the best peer's", table[.startWall]?.ratioToBestPeer, 1 / 3)
    add("start, of bare C's", table[.startWall]?.ratioToFloor, 1.1)
    add("idle RSS in kB", table[.resident]?.swinit, 84)
    add("idle private memory in kB", table[.own]?.swinit, 32)
    add("idle RSS, of the best peer's", table[.resident]?.ratioToBestPeer, 1 / 8)
    add("idle wake-ups", table[.wakeUps]?.swinit, 0)
    for name in table.rows.map(\.name) {
      let limits = name.limits
      if let limit = limits.toPeer {
        add("\(name.title), of the best peer's", table[name]?.ratioToBestPeer, limit)
      }
      if let limit = limits.toFloor {
        add("\(name.title), of bare C's", table[name]?.ratioToFloor, limit)
      }
    }
    // The kernel's own time per process grows a little as well, since bare C has no state that
    // could grow.
    let growths: [(String, Row.Name, Row.Name)] = [
      ("1,000 to 100,000 orphans", .reapingProcessor(1_000), .reapingProcessor(100_000)),
      ("100 to 5,000 processes of a shutdown", .shutdown(100), .shutdown(5_000)),
    ]
    for (words, few, many) in growths {
      if let few = table[few]?.ratioToFloor, let many = table[many]?.ratioToFloor {
        add("growth from \(words), of bare C's", many / few, 1.1)
      }
    }
    return goals
  }
}

extension Row.Name {
  /// What swinit's value may be at most, relative to the best peer's and to bare C's.
  fileprivate var limits: (toPeer: Double?, toFloor: Double?) {
    switch self {
    case .signalMedian, .signalWorst, .groupMedian: (1, 1.1)
    case .reapingProcessor: (1.05, 1.03)
    case .floodProcessor: (1, 1.03)
    case .shutdown: (nil, 1)
    default: (nil, nil)
    }
  }
}
