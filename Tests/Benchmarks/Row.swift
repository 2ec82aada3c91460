/// A quantity that was measured for each contestant.
struct Row {
  let name: Name
  let values: [Contestant: Double]
  /// The value without any init, if the values are differences to it.
  let base: Double?
  /// What other contestants need in addition, so that their values are not comparable with
  /// swinit's.
  let notes: [Contestant: String]
  /// The quartiles between which half of the measurements lie, where there are enough.
  let quartiles: [Contestant: ClosedRange<Double>]

  /// The unit of the quantity. Less is always better.
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
    case ownOfAll(Int)
    case proportionalOfAll(Int)
    case lostMemory(Int)
    case lastStart(Int)
    case wakeUpsOfAll(Int)

    var title: String {
      switch self {
      case .size: "file, bytes"
      case .startWall: "start of a no-op, µs more than without"
      case .startProcessor: "start, µs of processor time more"
      case .startFaults: "start, page faults more"
      case .instructions: "start, instructions"
      case .resident: "idle: RSS, kB"
      case .proportional: "idle: PSS, kB"
      case .own: "idle: private memory, kB"
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
      case .ownOfAll(let count): "\(count.grouped) containers: private memory of the inits, kB"
      case .proportionalOfAll(let count): "\(count.grouped) containers: PSS of the inits, kB"
      case .lostMemory(let count):
        "\(count.grouped) containers: memory that the machine loses, kB more"
      case .lastStart(let count): "\(count.grouped) containers: a no-op in one more, µs more"
      case .wakeUpsOfAll(let count): "\(count.grouped) containers: wake-ups of all inits in 60 s"
      }
    }

    /// The number of digits after the point.
    var digits: Int {
      switch self {
      case .startWall, .startProcessor, .signalMedian, .signalWorst, .lastZombie, .lastStart: 1
      case .reapingProcessor, .floodProcessor: 2
      default: 0
      }
    }
  }

  /// The least value among the peers.
  var bestPeer: Double? {
    values.filter { $0.key.role == .peer && notes[$0.key] == nil }.values.min()
  }

  /// swinit's value.
  var swinit: Double? { values.first { $0.key.role == .swinit }?.value }

  /// The value of the minimal init that is built so.
  func floor(_ build: Contestant.Build) -> Double? {
    values.first { $0.key.role == .floor && $0.key.build == build }?.value
  }

  /// swinit's value relative to the best peer's; nil if that is zero.
  var ratioToBestPeer: Double? { ratio(to: bestPeer) }

  /// swinit's value relative to that of the minimal init that is built like it.
  var ratioToFloor: Double? { ratio(to: floor(.musl)) }

  /// The same for the peer that comes closest to the minimal init that is built like it.
  var bestRatioOfPeerToFloor: Double? {
    values.compactMap { peer, value in
      guard peer.role == .peer, let floor = floor(peer.build), floor > 0 else { return nil }
      return value / floor
    }.min()
  }

  private func ratio(to other: Double?) -> Double? {
    guard let swinit, let other, other > 0 else { return nil }
    return swinit / other
  }
}

extension Int {
  /// With commas between the thousands.
  var grouped: String { Double(self).written(digits: 0) }
}

extension Double {
  /// With this number of digits after the point, and commas between the thousands.
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
