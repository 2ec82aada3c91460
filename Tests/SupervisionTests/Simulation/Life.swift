import Supervision

/// What happens by chance: processes fork, end, stop, go on and move about, swinit is sent signals,
/// and people press keys.
struct Life {
  private enum Happening: CaseIterable {
    case nothing
    case fork
    case exit
    case killed
    case memoryUsedUp
    case stop
    case resume
    case beginGroup
    case joinGroup
    case beginSession
    case protect
    case collectChildren
    case hold
    case release
    case readTerminal
    case appear
    case signalSwinit
    case signalTwice
    case strayChildChange
    case pressKey
    case continueByShell
  }

  /// Signals that matter to swinit come more often than the others.
  private static let favourites: [Int32] = [15, 15, 15, 2, 3, 1, 9, 10, 18, 20, 28, 34, 40, 64]

  /// How many more things may happen.
  private var energy: Int
  /// All happenings, each as often as it is likely: some histories have none of some.
  private var happenings: [Happening] = []

  init(using generator: inout SplitMix64) {
    // Most are short: what can go wrong needs little, and much of it hides what went wrong.
    let isLong = Int.random(in: 0..<16, using: &generator) == 0
    energy = .random(in: 0...(isLong ? 400 : 40), using: &generator)
    for happening in Happening.allCases {
      let likelihood = Int.random(in: -1...3, using: &generator)
      for _ in 0..<max(0, likelihood) { happenings.append(happening) }
    }
  }

  var isOver: Bool { energy == 0 || happenings.isEmpty }

  /// Lets one thing happen.
  mutating func step(_ kernel: inout ModelKernel, using generator: inout SplitMix64) {
    guard !isOver, let happening = happenings.randomElement(using: &generator) else { return }
    energy -= 1
    switch happening {
    case .nothing: break
    case .appear: kernel.appear(using: &generator)
    case .signalSwinit: kernel.raise(signalToSwinit(using: &generator))
    case .signalTwice:
      let received = signalToSwinit(using: &generator)
      kernel.raise(received)
      kernel.raise(received)
    case .strayChildChange: kernel.raise(ReceivedSignal(.childChanged, from: .outside))
    case .pressKey:
      let key = [Signal.interrupt, .quit, .terminalStop].randomElement(using: &generator)
      kernel.press(key ?? .interrupt)
    case .continueByShell:
      kernel.continueByShell(inForeground: .random(using: &generator))
    default:
      guard let process = kernel.processes.randomElement(using: &generator) else { return }
      happen(happening, to: process, &kernel, using: &generator)
    }
  }

  private func happen(
    _ happening: Happening, to process: ModelProcess, _ kernel: inout ModelKernel,
    using generator: inout SplitMix64
  ) {
    let id = process.id
    switch happening {
    case .killed: kernel.deliver(anySignal(using: &generator), to: id)
    case .memoryUsedUp: kernel.killForMemory(id)
    case .stop:
      let stop = Signal(rawValue: .random(in: 19...22, using: &generator))
      kernel.deliver(stop, to: id)
    case .resume: kernel.deliver(.continue, to: id)
    case .release: kernel.release(id)
    case _ where process.state != .running: break
    case .fork: kernel.fork(id, using: &generator)
    case .exit: kernel.end(id, exit(using: &generator))
    case .beginGroup: kernel.beginGroup(id)
    case .joinGroup:
      if let other = kernel.processes.randomElement(using: &generator) {
        kernel.joinGroup(id, of: other.id)
      }
    case .beginSession: kernel.beginSession(id)
    case .protect: kernel.protect(id)
    case .hold: kernel.hold(id)
    case .readTerminal: kernel.readTerminal(id)
    default: kernel.collectChildren(of: id)
    }
  }

  /// A status to exit with, from few.
  func exit(using generator: inout SplitMix64) -> WaitStatus {
    .exited([0, 1, 2, 125, 127, 143, 255].randomElement(using: &generator) ?? 0)
  }

  private func anySignal(using generator: inout SplitMix64) -> Signal {
    let favourite = Life.favourites.randomElement(using: &generator) ?? 0
    let any = Int32.random(in: 1...64, using: &generator)
    return Signal(rawValue: Bool.random(using: &generator) ? favourite : any)
  }

  private func signalToSwinit(using generator: inout SplitMix64) -> ReceivedSignal {
    let signal = anySignal(using: &generator)
    // Those two can't be taken.
    let isTakeable = signal != .kill && signal != .stop
    let sender = [ReceivedSignal.Sender.outside, .kernel, .process(ProcessID(rawValue: 5))]
      .randomElement(using: &generator)
    return ReceivedSignal(isTakeable ? signal : .terminate, from: sender ?? .kernel)
  }
}
