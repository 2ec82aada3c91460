/// Finds out whether the OOM killer has killed a process that was reaped: by the control group's count of
/// its kills.
struct OOMAttribution {
  /// A process that was killed by a SIGKILL that swinit did not send.
  struct Victim {
    let process: ProcessID
    let name: ProcessName
    let isCommand: Bool
  }

  /// The control group's count of OOM kills.
  private enum Count {
    /// It is not read while the command starts, which swinit would slow down.
    case deferred
    /// It is read for the first time when there is nothing else to do.
    case due
    /// It was this when it was last read.
    case known(Int64)
    /// It could not be read.
    case unknown
  }

  /// How long after the count rose a kill is still attributed to it.
  private static let attributionMilliseconds: Int64 = 2000
  /// How long the command may start undisturbed. 5 ms are longer than the tick of most kernels, 4 ms: a timer
  /// after the next tick costs next to nothing, an earlier one reprograms the clock twice.
  private static let deferralMilliseconds = 5

  private var count = Count.deferred
  /// The process that is attributed next.
  private(set) var victim: Victim?
  /// How many of the kills are not attributed to a reaped process yet, and until when they can be.
  private var unattributed: Int64 = 0
  private var end = Instant(nanoseconds: 0)

  /// Asks whether the OOM killer has killed this process.
  mutating func ask(about victim: Victim) { self.victim = victim }

  /// The deferral is over, or a signal has ended it.
  mutating func noteEndOfDeferral() {
    if case .deferred = count { count = .due }
  }

  /// Records the count before any kill is attributed to it.
  mutating func begin(_ reading: MemoryReading?) {
    count = if let reading { .known(reading.kills) } else { .unknown }
  }

  /// Attributes the victim to one of the kills that the reading counts; gives whether there was one.
  mutating func attribute(to reading: MemoryReading?) -> Bool {
    victim = nil
    guard let reading else {
      if case .known = count {} else { count = .unknown }
      return false
    }
    if reading.now > end { unattributed = 0 }
    if case .known(let kills) = count, reading.kills > kills {
      unattributed &+= reading.kills &- kills
      end = reading.now.advanced(byMilliseconds: OOMAttribution.attributionMilliseconds)
    }
    count = .known(reading.kills)
    guard unattributed > 0 else { return false }
    unattributed &-= 1
    return true
  }

  /// Reads the count for the victim, with the limit and the peak, which are reported.
  var nextAction: Action? {
    @inline(__always) get { victim == nil ? nil : .readMemory(details: true) }
  }

  /// Reads the count for the first time. Neither that nor a wait is to delay the report of a command that
  /// exits at once; with a deadline to keep, there is no such wait. 5 ms are longer than the tick of most
  /// kernels, 4 ms: a timer after the next tick costs next to nothing, an earlier one reprograms the clock
  /// twice.
  @inline(__always)
  func nextFirstReading(hasDeadline: Bool) -> Action? {
    switch count {
    case .deferred where !hasDeadline:
      .waitBriefly(milliseconds: OOMAttribution.deferralMilliseconds)
    case .deferred, .due: .readMemory(details: false)
    case .known, .unknown: nil
    }
  }
}

extension Supervisor {
  /// A child was reaped, and a signal may have killed it.
  mutating func recordKill(_ change: ChildChange, isCommand: Bool) {
    guard case .killed(.kill, _) = change.status.change, reportsKills else { return }
    reaping.noteKill()
    oom.ask(
      about: OOMAttribution.Victim(
        process: change.process, name: change.name, isCommand: isCommand))
  }

  /// Whether a process that SIGKILL killed is reported, and its name read: swinit itself may have sent
  /// it. (Mutating: see `inspection`.)
  var reportsKills: Bool {
    mutating get { !shutdown.isKilling && !forwarding.hasSentKill }
  }

  mutating func record(_ reading: MemoryReading?) {
    guard let victim = oom.victim else {
      oom.begin(reading)
      return
    }
    reaping.noteMemoryReading()
    if oom.attribute(to: reading) {
      if victim.isCommand { reporting.summary.isOutOfMemory = true }
      report(
        .outOfMemory(victim.process, victim.name, limit: reading?.limit, peak: reading?.peak))
    } else if !reportsExit(of: victim) {
      report(.killed(victim.process, victim.name))
    }
  }

  /// Whether the options ask for a report of each such process, so that its death is reported already.
  private func reportsExit(of victim: OOMAttribution.Victim) -> Bool {
    victim.isCommand
      ? options.verbosity >= 1 : options.warnsOfReaped || options.verbosity >= 2
  }
}
