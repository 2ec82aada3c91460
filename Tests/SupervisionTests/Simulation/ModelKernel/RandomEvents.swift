import Supervision

/// What happens by chance: processes fork, end, stop, go on and move about, swinit is sent signals,
/// and people press keys.
struct RandomEvents {
  private enum Kind: CaseIterable {
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
    case takeTerminal
    case stopItself
    case memberReads
    case bringToForeground
    case appear
    case signalSwinit
    case signalTwice
    case strayChildChange
    case pressKey
    case continueByShell
    // These only where the control group is watched.
    case memoryUsedUpByGroup
    case victimReaped
    case memoryReclaimed
    case forkRefused

    static let ofWatch: Set<Kind> = [
      .memoryUsedUpByGroup, .victimReaped, .memoryReclaimed, .forkRefused,
    ]
  }

  /// Signals that matter to swinit come more often than the others.
  private static let favourites: [Int32] = [15, 15, 15, 2, 3, 1, 9, 10, 18, 20, 28, 34, 40, 64]

  /// How many more things may happen.
  private var energy: Int
  /// All happenings, each as often as it is likely: some histories have none of some.
  private var happenings: [Kind] = []
  /// The process that has hit the memory limit, and is killed soon.
  private var nextVictim: ProcessID?

  init(isWatched: Bool, using generator: inout SplitMix64) {
    // Most are short: what can go wrong needs little, and much of it hides what went wrong.
    let isLong = Int.random(in: 0..<16, using: &generator) == 0
    energy = .random(in: 0...(isLong ? 400 : 40), using: &generator)
    for happening in Kind.allCases where isWatched || !Kind.ofWatch.contains(happening) {
      let likelihood = Int.random(in: -1...3, using: &generator)
      for _ in 0..<max(0, likelihood) { happenings.append(happening) }
    }
  }

  var isOver: Bool { energy == 0 || happenings.isEmpty }

  /// Lets one thing happen.
  mutating func step(_ kernel: inout ModelKernel, using generator: inout SplitMix64) {
    guard !isOver, let kind = happenings.randomElement(using: &generator) else { return }
    energy -= 1
    if let victim = nextVictim, let process = kernel[victim], .random(using: &generator) {
      nextVictim = nil
      let death = ExternalEvent.ProcessStep.runOutOfMemoryAndBeReaped
      if kernel.can(death, process) { kernel.happen(.toProcess(victim, death), using: &generator) }
      return
    }
    switch kind {
    case .nothing: break
    case .appear: kernel.happen(.appear, using: &generator)
    case .memoryReclaimed:
      kernel.happen(.hitMemoryLimit, using: &generator)
      nextVictim = kernel.processes.randomElement(using: &generator)?.id
    case .forkRefused:
      let isFull = Bool.random(using: &generator)
      kernel.happen(.refuseFork(isFull: isFull), using: &generator)
    case .signalSwinit:
      kernel.happen(.signal(signalToSwinit(using: &generator)), using: &generator)
    case .signalTwice:
      let received = signalToSwinit(using: &generator)
      for _ in 0..<2 { kernel.happen(.signal(received), using: &generator) }
    case .strayChildChange:
      kernel.happen(.signal(ReceivedSignal(.childChanged, from: .outside)), using: &generator)
    case .pressKey:
      let key = [Signal.interrupt, .quit, .terminalStop].randomElement(using: &generator)
      kernel.happen(.key(key ?? .interrupt), using: &generator)
    case .memberReads:
      let isSwinit = Bool.random(using: &generator)
      kernel.happen(.memberReads(isSwinit: isSwinit), using: &generator)
    case .bringToForeground: kernel.happen(.bringToForeground, using: &generator)
    case .continueByShell:
      let inForeground = Bool.random(using: &generator)
      kernel.happen(.continueByShell(inForeground: inForeground), using: &generator)
    default:
      guard let process = kernel.processes.randomElement(using: &generator),
        let deed = deed(kind, kernel, using: &generator), kernel.can(deed, process)
      else { return }
      kernel.happen(.toProcess(process.id, deed), using: &generator)
    }
  }

  private func deed(
    _ kind: Kind, _ kernel: ModelKernel, using generator: inout SplitMix64
  ) -> ExternalEvent.ProcessStep? {
    switch kind {
    case .killed: .take(anySignal(using: &generator))
    case .memoryUsedUp: .runOutOfMemory
    case .memoryUsedUpByGroup: .runOutOfMemoryAsGroup
    case .victimReaped: .runOutOfMemoryAndBeReaped
    case .stop: .take(Signal(rawValue: .random(in: 19...22, using: &generator)))
    case .resume: .take(.continue)
    case .release: .release
    case .fork: .fork
    case .exit: .exit(exitStatus(using: &generator))
    case .beginGroup: .beginGroup
    case .joinGroup: kernel.processes.randomElement(using: &generator).map { .joinGroup(of: $0.id) }
    case .beginSession: .beginSession
    case .protect: .protect
    case .hold: .hold
    case .readTerminal: .readTerminal
    case .takeTerminal: .takeTerminal
    case .stopItself: .stopItself
    case .collectChildren: .collectChildren
    default: nil
    }
  }

  /// How one exits.
  func exit(using generator: inout SplitMix64) -> WaitStatus {
    .exited(exitStatus(using: &generator))
  }

  /// A status to exit with, from few.
  private func exitStatus(using generator: inout SplitMix64) -> UInt8 {
    [0, 1, 2, 125, 127, 143, 255].randomElement(using: &generator) ?? 0
  }

  private func anySignal(using generator: inout SplitMix64) -> Signal {
    let favourite = RandomEvents.favourites.randomElement(using: &generator) ?? 0
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
