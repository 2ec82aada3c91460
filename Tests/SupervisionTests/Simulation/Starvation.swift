@testable import Supervision

/// Notices when swinit is so busy that a pending signal, or a deadline that has passed, is never
/// dealt with.
///
/// A history can't run for ever, so the promise is a bound: on the number of actions, and
/// on how many of those are long ones, which look at every process or read several files.
struct Starvation {
  /// What swinit has done since a signal became pending, or a deadline passed.
  private struct Delay {
    var actions = 0
    var zombieScans = 0
    var descendantWalks = 0
    var memoryReadings = 0

    mutating func count(_ action: Action) {
      actions += 1
      switch action {
      case .countZombies: zombieScans += 1
      case .signalDescendants: descendantWalks += 1
      case .readMemory: memoryReadings += 1
      default: break
      }
    }

    /// The bound that is exceeded. A signal may become pending after the last look before a scan,
    /// but it is taken before the next scan.
    var excess: String? {
      if zombieScans > 1 { return "\(zombieScans) scans for zombies" }
      if descendantWalks > 40 { return "\(descendantWalks) walks through the descendants" }
      if memoryReadings > 100 { return "\(memoryReadings) readings of the memory" }
      return actions > 400 ? "\(actions) actions" : nil
    }
  }

  private var pendingSignals: [Int32: Delay] = [:]
  private var passedDeadline: (moment: Instant, delay: Delay)?

  /// swinit took a signal; another one with the same number may be pending. Real-time signals with
  /// higher numbers had to wait for it: they keep their order.
  mutating func noteTaken(_ signal: Signal) {
    pendingSignals[signal.rawValue] = nil
    if signal.isRealTime { pendingSignals = pendingSignals.filter { $0.key < signal.rawValue } }
  }

  /// swinit is about to perform an action, while its own deadline is `deadline`.
  mutating func note(
    _ action: Action, deadline: Instant?, _ kernel: ModelKernel
  ) throws(Violation) {
    for number in pendingSignals.keys where !kernel.pending.contains(Signal(rawValue: number)) {
      pendingSignals[number] = nil
    }
    for number in kernel.pending.numbers {
      pendingSignals[number, default: Delay()].count(action)
      if let excess = pendingSignals[number]?.excess {
        throw Violation(.takesPendingSignals, "signal \(number) is still pending after \(excess)")
      }
    }
    guard let deadline, kernel.now >= deadline else {
      passedDeadline = nil
      return
    }
    var delay = passedDeadline?.moment == deadline ? passedDeadline?.delay ?? Delay() : Delay()
    delay.count(action)
    if delay.actions > 400 {
      throw Violation(.actsOnDeadlines, "\(deadline) has passed \(delay.actions) actions ago")
    }
    passedDeadline = (deadline, delay)
  }
}
