import Supervision

/// Something that happens again and again for a while, whatever swinit does: it must not keep
/// swinit from everything else.
struct Storm {
  private enum Kind {
    case signal(Signal)
    /// Orphans exit.
    case exits
    /// Orphans are killed, some by the kernel, for want of memory.
    case kills
  }

  /// Signals that come in storms: with low and high numbers, the ones that the kernel delivers
  /// first, and real-time ones.
  private static let signals: [Int32] = [1, 10, 11, 15, 17, 18, 28, 34, 64]

  private let kind: Kind
  /// How many more times it happens.
  private var count: Int

  /// A storm that lasts longer than anything may be starved.
  init(using generator: inout SplitMix64) {
    count = .random(in: 100...1_000, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: kind = .exits
    case 1: kind = .kills
    default:
      kind = .signal(Signal(rawValue: Storm.signals.randomElement(using: &generator) ?? 1))
    }
  }

  mutating func step(_ kernel: inout ModelKernel, using generator: inout SplitMix64) {
    guard count > 0 else { return }
    count -= 1
    switch kind {
    case .signal(let signal):
      // A queue of real-time signals is limited (RLIMIT_SIGPENDING).
      if signal.rawValue < 32 || !kernel.pending.contains(signal) {
        kernel.raise(ReceivedSignal(signal, from: .outside))
      }
    case .exits:
      if let orphan = kernel.adopt(using: &generator) { kernel.end(orphan, .exited(0)) }
    case .kills:
      guard let orphan = kernel.adopt(using: &generator) else { return }
      if Bool.random(using: &generator) {
        kernel.killForMemory(orphan)
      } else {
        kernel.deliver(.kill, to: orphan)
      }
    }
  }
}
