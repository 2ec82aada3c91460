import Supervision

/// The signals that were sent to a process and not yet taken: a set, but of the real-time ones a
/// queue; see signal(7).
struct PendingSignals: Hashable {
  private var signals: [ReceivedSignal] = []

  var isEmpty: Bool { signals.isEmpty }

  func contains(_ signal: Signal) -> Bool { signals.contains { $0.signal == signal } }

  /// Who has sent the one of this number that comes next, nil if none is pending.
  func sender(of signal: Signal) -> ReceivedSignal.Sender? {
    signals.first { $0.signal == signal }?.sender
  }

  /// Adds a signal; one that is pending already, unless it is a real-time one, is lost. Returns
  /// whether it was added.
  @discardableResult
  mutating func add(_ received: ReceivedSignal) -> Bool {
    if received.signal.rawValue < 32 && contains(received.signal) { return false }
    signals.append(received)
    return true
  }

  /// The numbers of those that are pending.
  var numbers: Set<Int32> { Set(signals.map(\.signal.rawValue)) }

  mutating func remove(_ signal: Signal) { signals.removeAll { $0.signal == signal } }

  /// Takes one as the kernel does: first those that a fault of a thread's own may cause, then the
  /// one with the lowest number, and of those the oldest; see next_signal() in kernel/signal.c.
  mutating func take(among set: SignalSet = .all) -> ReceivedSignal? {
    let candidates = signals.filter { SignalSet($0.signal).rawValue & set.rawValue != 0 }
    guard let first = candidates.min(by: { $0.signal.rank < $1.signal.rank }),
      let index = signals.firstIndex(of: first)
    else { return nil }
    return signals.remove(at: index)
  }
}

extension Signal {
  /// SEGV, BUS, ILL, TRAP, FPE, SYS.
  private static let ofFaults: Set<Int32> = [11, 7, 4, 5, 8, 31]

  fileprivate var rank: Int32 { Signal.ofFaults.contains(rawValue) ? rawValue : rawValue + 64 }
}
