import Supervision

/// The requested options in the referee's own terms, independent of `Options`.
struct RequestedOptions {
  /// The grace period of `--kill-after`.
  enum Grace: Equatable {
    case milliseconds(Int64)
    case infinite
  }

  var pauses = false
  var grace: Grace?
  var singleChild = false
  var warnsOfReaped = false
  var verbosity = 0
  var writesLog = false
  /// The period of `--zombie-check` in milliseconds.
  var zombieCheck: Int64?
  var exitStatuses: [UInt8: UInt8] = [:]
  /// The signals that ask COMMAND to stop.
  var stopSignals: Set<Int32> = [15, 2]
  /// How many milliseconds the first stop signal is held back.
  var stopDelay: Int64 = 0
  /// Whether COMMAND's descendants are waited for when it ends.
  var waits = false
  /// The signals that swinit inherited as ignored.
  var ignoredSignals: Set<Int32> = []
  /// Zero for one that is dropped.
  var rewrites: [Int32: Int32] = [:]
  /// How many children are reaped before others have their turn.
  var reapsAtATime = 1_000
  /// How many times as many when swinit exits after that.
  var turnsBeforeExit = 2

  /// How many signals are taken before there is a round of signals.
  var signalsBetweenRounds = 256

  /// None.
  init() {}

  init(using generator: inout SplitMix64) {
    pauses = Int.random(in: 0..<16, using: &generator) == 0
    let graces: [Grace?] = [
      nil, nil, .milliseconds(0), .milliseconds(500), .milliseconds(10_000), .infinite,
    ]
    grace = graces.randomElement(using: &generator) ?? nil
    singleChild = Int.random(in: 0..<3, using: &generator) == 0
    warnsOfReaped = Int.random(in: 0..<4, using: &generator) == 0
    verbosity = .random(in: 0...2, using: &generator)
    writesLog = Int.random(in: 0..<4, using: &generator) == 0
    let periods: [Int64?] = [nil, nil, nil, 1, 100, 1_000]
    zombieCheck = periods.randomElement(using: &generator) ?? nil
    let maps: [[UInt8: UInt8]] = [[:], [143: 0, 1: 0, 0: 7, 137: 3, 255: 1]]
    exitStatuses = maps.randomElement(using: &generator) ?? [:]
    let rewritings: [[Int32: Int32]] = [
      [:], [:], [:], [15: 3, 1: 0], [15: 0], [15: 2, 2: 15, 34: 40], [15: 64, 1: 9, 10: 15],
      [15: 19, 2: 18],
    ]
    rewrites = rewritings.randomElement(using: &generator) ?? [:]
    reapsAtATime = [40, 40, 1, 2].randomElement(using: &generator) ?? 1
    signalsBetweenRounds = [32, 32, 1, 5].randomElement(using: &generator) ?? 1
    drawShutdown(from: generator)
  }

  /// What is asked for about shutdown. It has a generator of its own, so that other histories stay as
  /// they are when something is added here.
  private mutating func drawShutdown(from others: SplitMix64) {
    var others = others
    var generator = SplitMix64(seed: ~others.next())
    let stops: [Set<Int32>] = [[15, 2], [15, 2], [15, 2], [3], [28, 10], [40, 1]]
    stopSignals = stops.randomElement(using: &generator) ?? []
    let ignored: [Set<Int32>] = [[], [], [], [1], [2, 3], [15, 40]]
    ignoredSignals = ignored.randomElement(using: &generator) ?? []
    if signalsForPause.isEmpty { ignoredSignals = [] }
    if pauses { return }
    stopDelay = [0, 0, 0, 1, 300, 5_000].randomElement(using: &generator) ?? 0
    waits = Int.random(in: 0..<4, using: &generator) == 0
  }

  /// The same for the supervisor.
  var options: Options {
    var options = Options()
    options.pauses = pauses
    switch grace {
    case .milliseconds(let span)?: options.killAfter = .milliseconds(span)
    case .infinite?: options.killAfter = .infinity
    case nil: break
    }
    options.singleChild = singleChild
    options.warnsOfReaped = warnsOfReaped
    options.verbosity = verbosity
    options.stopDelay = stopDelay
    options.waits = waits
    if writesLog { options.terminationLog = "log" }
    if let zombieCheck { options.zombieCheck = .milliseconds(zombieCheck) }
    for (from, to) in exitStatuses {
      options.exitStatuses.map(ExitStatus(rawValue: from), to: ExitStatus(rawValue: to))
    }
    options.stopSignals = SignalSet(
      rawValue: stopSignals.reduce(0) { $0 | 1 << UInt64($1 - 1) })
    for (from, to) in rewrites {
      options.rewrites.rewrite(
        Signal(rawValue: from), to: to == 0 ? nil : Signal(rawValue: to))
    }
    return options
  }

  /// Whether swinit stays for COMMAND's descendants.
  var awaitsDescendants: Bool { waits || grace != nil }

  /// Whether a summary is written.
  var wantsSummary: Bool { !pauses && (verbosity > 0 || writesLog) }

  /// What a signal is to be forwarded as, nil if it is to be dropped.
  func substitute(for signal: Signal) -> Signal? {
    let number = rewrites[signal.rawValue] ?? signal.rawValue
    return number == 0 ? nil : Signal(rawValue: number)
  }

  /// Whether a signal that is forwarded as another one is a stop signal.
  func isStopSignal(_ received: ReceivedSignal, as sent: Signal) -> Bool {
    if received.sender == .kernel && received.signal.rawValue == 1 { return true }
    if received.sender == .kernel && received.signal.rawValue == 28 { return false }
    return !stopSignals.isDisjoint(with: [received.signal.rawValue, sent.rawValue])
  }

  /// Whether a signal begins shutdown.
  func beginsShutdown(_ received: ReceivedSignal) -> Bool {
    guard let sent = substitute(for: received.signal) else { return false }
    return isStopSignal(received, as: sent) && !received.isIgnored
  }

  /// The signals that make `--pause` exit.
  var signalsForPause: [ReceivedSignal] {
    (1...64).flatMap { number in
      [ReceivedSignal.Sender.outside, .kernel].map { sender in
        ReceivedSignal(
          Signal(rawValue: number), from: sender, reportsKill: false,
          isIgnored: ignoredSignals.contains(number))
      }
    }.filter { $0.signal.canBeForwarded && beginsShutdown($0) }
  }

  /// The exit status of swinit for a wait status of the command.
  func status(of end: WaitStatus) -> ExitStatus? {
    guard let status = end.exitStatus?.rawValue else { return nil }
    return ExitStatus(rawValue: exitStatuses[status] ?? status)
  }
}
