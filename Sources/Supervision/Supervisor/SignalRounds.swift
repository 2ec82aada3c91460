/// When pending signals are taken, apart from those that end a wait.
///
/// The kernel hands out pending signals by number, not by age, so a storm of one of them could keep
/// others, SIGCHLD among them, from ever being taken. In a round, each number is taken once at most.
/// Of the real-time signals, which keep their order, as many are taken as there are numbers.
struct SignalRounds {
  private enum State {
    /// So many signals were taken since the last round.
    case between(Int)
    /// The round still looks for these signals, and for so many real-time ones. In it swinit may have
    /// signalled the descendants, which takes so long that a deadline may have passed meanwhile.
    case round(SignalSet, realTime: Int, hasTakenLong: Bool)
  }

  /// How many signals are taken before there is a round.
  var interval = 256
  /// How many signals a walk through the descendants counts as: it looks at every process.
  private static let signalsPerWalk = 32

  private var state = State.between(0)

  /// Begins a round, or begins it anew.
  mutating func begin() {
    state = .round(.all, realTime: SignalSet.realTimeCount, hasTakenLong: takesLong)
  }

  /// Takes note that none of the signals that were looked for is pending.
  mutating func end() { state = .between(0) }

  /// Takes note of a signal that was taken.
  mutating func note(_ signal: Signal) {
    if case .round(var signals, var realTime, let hasTakenLong) = state {
      if signal.isRealTime {
        realTime &-= 1
        if realTime == 0 { signals = signals.removingRealTime() }
      } else {
        signals = signals.removing(signal)
      }
      state = .round(signals, realTime: realTime, hasTakenLong: hasTakenLong)
    } else {
      count(1)
    }
  }

  /// Takes note that the descendants were signalled.
  mutating func noteWalk() {
    if case .round(let signals, let realTime, _) = state {
      state = .round(signals, realTime: realTime, hasTakenLong: true)
    } else {
      count(SignalRounds.signalsPerWalk)
    }
  }

  private mutating func count(_ signals: Int) {
    guard case .between(let signalsBefore) = state else { return }
    let sum = signalsBefore &+ signals
    state = .between(sum)
    if sum >= interval { begin() }
  }

  /// Whether pending signals are taken: otherwise a signal ends a wait.
  var isUnderWay: Bool { if case .round = state { true } else { false } }

  /// Whether the clock is read since the round takes long.
  var takesLong: Bool { if case .round(_, _, true) = state { true } else { false } }

  mutating func noteClock() {
    if case .round(let signals, let realTime, true) = state {
      state = .round(signals, realTime: realTime, hasTakenLong: false)
    }
  }

  /// Takes a pending signal, in a round.
  var nextAction: Action? {
    @inline(__always) get {
      if case .round(let signals, _, _) = state { .takePending(signals) } else { nil }
    }
  }
}
