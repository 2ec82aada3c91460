import Supervision

/// The signals that were sent to a process and not yet taken: a set, but of the real-time ones a
/// queue; see signal(7).
struct PendingSignals: Hashable {
  private var signals: [ReceivedSignal] = []

  var isEmpty: Bool { signals.isEmpty }

  func contains(_ signal: Signal) -> Bool { signals.contains { $0.signal == signal } }

  /// Adds a signal; one that is pending already, unless it is a real-time one, is lost. Returns
  /// whether it was added.
  @discardableResult
  mutating func add(_ received: ReceivedSignal) -> Bool {
    if received.signal.rawValue < 32 && contains(received.signal) { return false }
    signals.append(received)
    return true
  }

  mutating func remove(_ signal: Signal) { signals.removeAll { $0.signal == signal } }

  /// Takes the one with the lowest number, and of those the oldest, as the kernel does.
  mutating func take() -> ReceivedSignal? {
    guard let first = signals.min(by: { $0.signal.rawValue < $1.signal.rawValue }),
      let index = signals.firstIndex(of: first)
    else { return nil }
    return signals.remove(at: index)
  }
}
