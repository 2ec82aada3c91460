import Supervision

/// What may happen beside swinit, to it or to a process.
enum ExternalEvent: Hashable {
  /// A process sends swinit a signal.
  case signal(ReceivedSignal)
  /// The user presses a key that sends a signal to the foreground.
  case key(Signal)
  case continueByShell(inForeground: Bool)
  /// The shell brings swinit's job to the foreground, which it takes for running.
  case bringToForeground
  /// Another member of swinit's own group reads from the terminal.
  case memberReads(isSwinit: Bool)
  /// A process begins that has nothing to do with swinit.
  case appear
  /// The memory limit is hit, and memory is reclaimed.
  case hitMemoryLimit
  /// A fork is refused, since swinit's own group, or one above it, is full.
  case refuseFork(isFull: Bool)
  case toProcess(ProcessID, ProcessStep)

  /// What a process does, or what is done to it.
  enum ProcessStep: Hashable {
    case take(Signal)
    case runOutOfMemory
    /// It is killed for lack of memory, and its parent reaps it at once.
    case runOutOfMemoryAndBeReaped
    /// All its children are killed with it.
    case runOutOfMemoryAsGroup
    case release
    // These only one that runs.
    case exit(UInt8)
    case fork
    case beginGroup
    case joinGroup(of: ProcessID)
    case beginSession
    case hold
    case collectChildren
    case readTerminal
    case takeTerminal
    case stopItself
    case protect
  }
}

extension ModelKernel {
  /// Whether a process can do it, and it makes a difference.
  func can(_ deed: ExternalEvent.ProcessStep, _ process: ModelProcess) -> Bool {
    switch deed {
    case .take(.continue): process.state == .stopped
    case .take(let signal): process.isAlive && !(signal.isStop && process.state == .stopped)
    case .runOutOfMemory, .runOutOfMemoryAsGroup: process.isAlive
    case .runOutOfMemoryAndBeReaped:
      process.isAlive && process.state != .undying && self[process.parent]?.state == .running
    case .release: process.state == .undying
    case .collectChildren:
      process.state == .running && processes.contains { $0.parent == process.id && $0.isZombie }
    default: process.state == .running
    }
  }

  /// Lets it happen.
  mutating func happen(_ happening: ExternalEvent, using chance: inout some Chance) {
    switch happening {
    case .signal(let received): raise(received)
    case .key(let signal): press(signal)
    case .continueByShell(let inForeground): continueByShell(inForeground: inForeground)
    case .bringToForeground: bringToForeground()
    case .memberReads(let isSwinit): memberReads(isSwinit: isSwinit)
    case .appear: appear(using: &chance)
    case .hitMemoryLimit: hitMemoryLimit()
    case .refuseFork(let isFull): refuseFork(isFull: isFull)
    case .toProcess(let process, let deed): happen(deed, to: process, using: &chance)
    }
  }

  private mutating func happen(
    _ deed: ExternalEvent.ProcessStep, to process: ProcessID, using chance: inout some Chance
  ) {
    switch deed {
    case .take(let signal): deliver(signal, to: process)
    case .runOutOfMemory: killForMemory(process)
    case .runOutOfMemoryAndBeReaped:
      let parent = self[process]?.parent
      killForMemory(process)
      if let parent { collectChildren(of: parent) }
    case .runOutOfMemoryAsGroup: killGroupForMemory(process)
    case .release: release(process)
    case .exit(let status): end(process, .exited(status))
    case .fork: fork(process, using: &chance)
    case .beginGroup: beginGroup(process)
    case .joinGroup(let other): joinGroup(process, of: other)
    case .beginSession: beginSession(process)
    case .hold: hold(process)
    case .collectChildren: collectChildren(of: process)
    case .readTerminal: readTerminal(process)
    case .takeTerminal: takeTerminal(process)
    case .stopItself: stopItself(process)
    case .protect: protect(process)
    }
  }
}
