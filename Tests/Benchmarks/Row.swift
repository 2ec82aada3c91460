/// One thing that was measured of each contestant.
struct Row {
  let name: Name
  let values: [Contestant: Double]
  /// What it is without any init, if the values are what comes on top of that.
  let base: Double?
  /// What else those need whose values are therefore no match for swinit's.
  let notes: [Contestant: String]

  /// What was measured. Less is better throughout.
  enum Name: Hashable {
    case size
    case startWall
    case startProcessor
    case startFaults
    case instructions
    case resident
    case proportional
    case own
    case wakeUps
    case idleProcessor
    case descriptors
    case signalMedian
    case signalWorst
    case groupMedian
    case reapingProcessor(Int)
    case floodProcessor(Int)
    case zombies(Int)
    case lastZombie(Int)
    case shutdown(Int)
    case patientShutdown(Int)

    var title: String {
      switch self {
      case .size: "file, bytes"
      case .startWall: "start of a no-op, µs more than without"
      case .startProcessor: "start, µs of processor time more"
      case .startFaults: "start, page faults more"
      case .instructions: "start, instructions"
      case .resident: "idle: RSS, kB"
      case .proportional: "idle: PSS, kB"
      case .own: "idle: private and dirty, kB"
      case .wakeUps: "idle: wake-ups in 10 s"
      case .idleProcessor: "idle: processor time in 10 s, µs"
      case .descriptors: "idle: descriptors held, of 8 given"
      case .signalMedian: "signal to handler, µs"
      case .signalWorst: "signal to handler, µs, 99 of 100"
      case .groupMedian: "signal to the last of a group of 100, µs"
      case .reapingProcessor(let count): "\(count.grouped) orphans: processor time each, µs"
      case .floodProcessor(let count): "a flood of \(count.grouped): processor time each, µs"
      case .zombies(let count): "a flood of \(count.grouped): zombies at most"
      case .lastZombie(let count): "a flood of \(count.grouped): the last one lasts, µs"
      case .shutdown(1): "TERM to the end of one process, µs"
      case .shutdown(let count): "TERM to the end of \(count.grouped) processes, µs"
      case .patientShutdown: "the same with -k, which waits for each, µs"
      }
    }

    /// How many digits there are after the point.
    var digits: Int {
      switch self {
      case .startWall, .startProcessor, .signalMedian, .signalWorst, .lastZombie: 1
      case .reapingProcessor, .floodProcessor: 2
      default: 0
      }
    }
  }

  /// The least among the peers.
  var bestPeer: Double? {
    values.filter { $0.key.role == .peer && notes[$0.key] == nil }.values.min()
  }

  /// swinit's, and that of the least that an init can be.
  subscript(role: Contestant.Role) -> Double? { values.first { $0.key.role == role }?.value }

  /// How much of the best peer's swinit takes; nil if that is nothing.
  var ratioToBestPeer: Double? { ratio(to: bestPeer) }

  /// How much of the least possible swinit takes.
  var ratioToFloor: Double? { ratio(to: self[.floor]) }

  private func ratio(to other: Double?) -> Double? {
    guard let swinit = self[.swinit], let other, other > 0 else { return nil }
    return swinit / other
  }
}

extension Int {
  /// With commas between the thousands.
  var grouped: String { Double(self).written(digits: 0) }
}

extension Double {
  /// With so many digits after the point, and commas between the thousands.
  func written(digits: Int) -> String {
    var left = Self(1)
    for _ in 0..<digits { left *= 10 }
    let all = String(Int((magnitude * left).rounded()))
    let padded = String(repeating: "0", count: max(0, digits + 1 - all.count)) + all
    var whole = String(padded.dropLast(digits))
    var start = whole.count - 3
    while start > 0 {
      whole.insert(",", at: whole.index(whole.startIndex, offsetBy: start))
      start -= 3
    }
    return (self < 0 ? "-" : "") + whole + (digits > 0 ? "." + padded.suffix(digits) : "")
  }
}
