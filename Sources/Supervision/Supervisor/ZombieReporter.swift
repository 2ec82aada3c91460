/// Reports processes that do not reap their children: `--zombie-check` scans for them once a period. Each
/// process is reported once, and again when the number of its zombies has doubled.
struct ZombieReporter {
  private enum State {
    /// No scan is scheduled. One is when the clock is read next, if there is a period.
    case unscheduled
    /// The next scan is due at this moment.
    case scheduled(Instant)
    /// A scan is due.
    case due
    /// The scan goes on with the next process that has zombies.
    case scanning
    /// The name of this process is to be read and reported.
    case found(ZombieCount)
  }

  private var state = State.unscheduled
  /// What was reported, as far as this scan has come, and up to the scan before it.
  private var reported = ZombieCensus()
  private var reportedBefore = ZombieCensus()

  /// Whether the next scan is scheduled when the clock is read.
  var needsClock: Bool { if case .unscheduled = state { true } else { false } }

  /// When the next scan is due, if it is scheduled.
  var deadline: Instant? {
    @inline(__always) get { if case .scheduled(let moment) = state { moment } else { nil } }
  }

  /// Schedules the next scan, or begins it if its moment has come; gives whether it has just begun. The
  /// period counts from the end of a scan: a scan may take longer than that.
  mutating func advance(to now: Instant, period: Int64) -> Bool {
    switch state {
    case .unscheduled: state = .scheduled(now.advanced(byMilliseconds: period))
    case .scheduled(let moment):
      guard now >= moment else { return false }
      state = .due
      reportedBefore = reported
      reported = ZombieCensus()
      return true
    case .due, .scanning, .found: break
    }
    return false
  }

  /// Records the next process that has zombies, and had them at the scan before; nil if there is none.
  mutating func record(_ zombies: ZombieCount?) {
    guard let zombies else {
      state = .unscheduled
      return
    }
    let countBefore = reportedBefore.count(of: zombies.parent)
    let isReported = zombies.count >= max(1, 2 &* countBefore)
    reported.add(isReported ? zombies.count : countBefore, parent: zombies.parent)
    state = isReported ? .found(zombies) : .scanning
  }

  /// The process whose name is read.
  var found: ZombieCount? { if case .found(let zombies) = state { zombies } else { nil } }

  /// Goes on with the next process: this one is reported.
  mutating func noteReported() { state = .scanning }

  /// Breaks off a scan, and schedules no other.
  mutating func stop() { state = .unscheduled }

  /// Scans for zombies.
  var nextAction: Action? {
    @inline(__always) get {
      switch state {
      case .unscheduled, .scheduled: nil
      case .due: .countZombies
      case .scanning: .takeZombies
      case .found(let zombies): .readName(zombies.parent)
      }
    }
  }
}

extension Supervisor {
  /// How many milliseconds after a scan for zombies the next one is due; nil if there is none.
  var zombieCheckPeriod: Int64? {
    guard !shutdown.isKilling, case .milliseconds(let period) = options.zombieCheck else {
      return nil
    }
    return period
  }

  /// A scan may be due at this moment.
  mutating func recordZombieCheck(_ now: Instant) {
    guard let period = zombieCheckPeriod, zombies.advance(to: now, period: period) else { return }
    // Pending signals come before a scan, however short the period.
    rounds.begin()
  }

  /// The name of a process with zombies was read.
  mutating func recordParent(named name: ProcessName) {
    guard let found = zombies.found else { return }
    zombies.noteReported()
    report(.zombies(found.count, parent: found.parent, name))
  }
}
