import Supervision

/// As much of a kernel as swinit can tell from the real one: a tree of processes, process groups
/// and sessions, zombies, signals, a clock, and a terminal. What it is asked for happens at once,
/// and nothing happens by itself.
struct ModelKernel: Hashable {
  /// Numbers run out and are used again soon, as those of a kernel are that has run for long.
  private static let numbers: ClosedRange<Int32> = 8...19
  /// The parent of those that are none of swinit's business; it reaps at once.
  static let outside = ProcessID(rawValue: 0)

  /// swinit's own number.
  let swinit: ProcessID
  /// All processes but swinit and a shell that called it, zombies included.
  var processes: [ModelProcess] = []
  /// The signals that swinit hasn't taken yet.
  private(set) var pending = PendingSignals()
  private(set) var now = Instant(nanoseconds: 0)
  /// How long swinit's long actions take, in milliseconds: a scan for zombies and a walk through the
  /// descendants, which look at all processes; and a reading of the memory.
  var scanMilliseconds: Int64 = 0
  var walkMilliseconds: Int64 = 0
  var readingMilliseconds: Int64 = 0
  /// Whether the clock can't be read, and so stands still for swinit.
  var hasNoClock = false
  /// The signals that swinit inherited as ignored.
  var ignoredSignals: Set<Int32> = []
  /// The terminal that swinit was called on, if it was.
  var terminal: ModelTerminal?
  /// Whether /proc can't be read.
  var isBlind = false
  /// The memory of swinit's control group.
  var memory = ModelMemory()
  var cgroup = ModelCgroup()
  /// The zombies that were there when they were counted last, and what of the count isn't taken yet.
  var zombiesBefore: Set<Int32> = []
  var census: [ZombieCount] = []
  /// Whether swinit signalled a process that is not its descendant.
  var hasMetStranger = false
  /// Whether a process had swinit's own TERM after it had one forwarded; and whether it had neither.
  var hasSignalledTwice = false
  var hasMissedProcess = false
  /// How often a process may still fork behind swinit's back while it is killed.
  var forksBehind = Int.max
  /// What has happened that only some histories come to.
  @IgnoredByEquality var milestones: Set<Milestone> = []
  @IgnoredByEquality private var usedNumbers: Set<Int32> = []

  init(swinit: ProcessID) { self.swinit = swinit }

  var isPID1: Bool { swinit.rawValue == 1 }

  /// The tick that it is, as swinit can tell.
  var tick: Tick { Tick(rawValue: now.nanoseconds / 10_000_000) }

  subscript(id: ProcessID) -> ModelProcess? { processes.first { $0.id == id } }

  func index(of id: ProcessID) -> Int? { processes.firstIndex { $0.id == id } }

  /// Whether there are children of swinit's that ended and aren't reaped.
  var hasZombies: Bool { processes.contains { $0.parent == swinit && $0.isZombie } }

  /// Whether there are changes of swinit's children that it doesn't know.
  var hasChanges: Bool {
    processes.contains { $0.parent == swinit && ($0.isZombie || $0.unreportedChange != nil) }
  }

  var hasChildren: Bool { processes.contains { $0.parent == swinit } }

  /// Time goes by.
  mutating func pass(milliseconds: Int64) {
    guard !hasNoClock else { return }
    now = Instant(nanoseconds: now.nanoseconds + milliseconds * 1_000_000)
  }

  /// Time goes by until the moment.
  mutating func pass(until moment: Instant) {
    if !hasNoClock { now = max(now, moment) }
  }

  /// A process sends swinit a signal.
  mutating func raise(_ signal: ReceivedSignal) {
    let received = ReceivedSignal(
      signal.signal, from: signal.sender, reportsKill: signal.reportsKill,
      isIgnored: ignoredSignals.contains(signal.signal.rawValue))
    if received.signal == .continue {
      // A process that continues swinit alone makes it miss that a member of its group has stopped.
      if pending.contains(.terminalInput), terminal?.member == .lacksTerminal {
        terminal?.member = .stopped
      }
      for stop in 19...22 { pending.remove(Signal(rawValue: Int32(stop))) }
    } else if received.signal.isStop {
      pending.remove(.continue)
    }
    let isNew = pending.add(received)
    if !isNew && received.signal == .childChanged { milestones.insert(.childChangesCoalesced) }
  }

  /// swinit takes a pending signal. sigtimedwait(2)
  mutating func takeSignal(among signals: SignalSet = .all) -> ReceivedSignal? {
    pending.take(among: signals)
  }

  /// Takes back a pending signal, as far as swinit is concerned.
  mutating func dropSignal(_ signal: Signal) { pending.remove(signal) }

  /// An unused ID: no process, group or session has it.
  mutating func freeNumber(using chance: inout some Chance) -> ProcessID? {
    let numbers = ModelKernel.numbers
    let start = numbers.lowerBound + Int32(chance.alike(numbers.count))
    let isFree = { [processes, terminal] (number: Int32) in
      let id = ProcessID(rawValue: number)
      return id != terminal?.foreground
        && !processes.contains { $0.id == id || $0.group == id || $0.session == id }
    }
    let number =
      (start...numbers.upperBound).first(where: isFree)
      ?? (numbers.lowerBound..<start).first(where: isFree)
    guard let number else { return nil }
    if !usedNumbers.insert(number).inserted { milestones.insert(.processIDReused) }
    return ProcessID(rawValue: number)
  }
}
