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
  /// How many kills were counted of which no victim is known: all that there were when the count was first
  /// read, and those that were reported as a number. One of them may be a process which is reaped soon after.
  var unidentified: Int64 = 0
  /// How many of the kills are not attributed to a process yet, and until when they can be.
  var unattributed: Int64 = 0
  private var end = Instant(nanoseconds: 0)
  /// The last processes that kills were attributed to, so that none is reported twice: one that was found
  /// dying may become swinit's child before it is reaped, and one that has gone may have been swinit's child.
  /// These are negative, since their numbers may be used again.
  private var claimed = InlineArray<16, Int32>(repeating: 0)
  private var claims = 0

  /// What came of a question.
  enum Attribution {
    case attributed
    /// The process was found dying, and reported.
    case reported
    case otherCause
  }

  /// Asks whether the OOM killer has killed this process.
  mutating func ask(about victim: Victim) { self.victim = victim }

  /// The deferral is over, or a signal has ended it.
  mutating func noteEndOfDeferral() {
    if case .deferred = count { count = .due }
  }

  /// Records the count if it is the first, before any kill is attributed to it; gives whether it is.
  mutating func begin(_ reading: MemoryReading?) -> Bool {
    switch count {
    case .deferred, .due:
      count = .unknown
      if let reading { _ = note(kills: reading.kills, at: reading.now) }
      return true
    case .known, .unknown: return false
    }
  }

  /// Attributes the victim to one of the kills that the reading counts, if there is one.
  mutating func attribute(to reading: MemoryReading?) -> Attribution {
    guard let victim = victim.take() else { return .otherCause }
    guard let reading else {
      unidentified = 0
      if case .known = count {} else { count = .unknown }
      return .otherCause
    }
    _ = note(kills: reading.kills, at: reading.now)
    if takeClaim(victim.process.rawValue) { return .reported }
    guard unattributed > 0 else { return .otherCause }
    unattributed &-= 1
    claim(victim.process.asGroup)
    return .attributed
  }

  /// Records the count; gives whether it has risen.
  mutating func note(kills: Int64, at now: Instant) -> Bool {
    if now > end { (unattributed, unidentified) = (0, 0) }
    let before: Int64? = if case .known(let before) = count { before } else { nil }
    count = .known(kills)
    if let before {
      guard kills > before else { return false }
      unattributed &+= kills &- before
    } else {
      unidentified = kills
    }
    end = now.advanced(byMilliseconds: OOMAttribution.attributionMilliseconds)
    return before != nil
  }

  /// A look has found these. The kernel counts a kill before the victim is dying: as many of the kills that were
  /// counted during the look belong to it as more are dying than were known.
  mutating func note(_ found: OOMVictims) {
    guard case .known(let before) = count else { return }
    let late = min(
      Int64(found.children &+ found.dying) &- unattributed, found.kills &- before)
    guard late > 0 else { return }
    count = .known(before &+ late)
    unattributed &+= late
  }

  /// Gives how many kills are not attributed, which are then reported.
  mutating func takeUnattributed() -> Int64 {
    defer { unattributed = 0 }
    return unattributed
  }

  /// The victims are searched for at this moment: kills can be attributed until some time after it.
  mutating func keepKills(until moment: Instant) {
    end = max(end, moment.advanced(byMilliseconds: OOMAttribution.attributionMilliseconds))
  }

  /// Attributes a kill to a process that others reap, unless one was; gives whether it may be reported.
  mutating func claim(_ process: ProcessID) -> Bool {
    let isClaimed = takeClaim(process.rawValue) || takeClaim(process.asGroup)
    if !isClaimed { claim(process.rawValue) }
    return !isClaimed
  }

  private mutating func takeClaim(_ number: Int32) -> Bool {
    for index in claimed.indices where claimed[index] == number {
      claimed[index] = 0
      return true
    }
    return false
  }

  private mutating func claim(_ number: Int32) {
    let index = claims & 15
    if claimed.indices ~= index { claimed[index] = number }
    claims &+= 1
  }

  /// Reads the count for the victim, with the limit and the peak, which are reported.
  var nextAction: Action? {
    @inline(__always) get { victim == nil ? nil : .readMemory(details: true) }
  }

  /// Reads the count for the first time. Neither that nor a wait is to delay the report of a command that
  /// exits at once; with a deadline to keep, there is no such wait.
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
  /// it.
  var reportsKills: Bool {
    @inline(__always) get { !shutdown.isKilling && !forwarding.hasSentKill }
  }

  mutating func record(_ reading: MemoryReading?) {
    if reading != nil { watch.begin() }
    guard let victim = oom.victim else {
      if !oom.begin(reading) { watch.note(reading) }
      return
    }
    reaping.noteMemoryReading()
    let attribution = oom.attribute(to: reading)
    switch attribution {
    case .attributed:
      if victim.isCommand { reporting.summary.isOutOfMemory = true }
      report(
        .outOfMemory(
          victim.process, victim.name, .observed, limit: reading?.limit, peak: reading?.peak))
    case .otherCause:
      if oom.unidentified > 0 || !reportsExit(of: victim) {
        report(.killed(victim.process, victim.name, unidentifiedKills: oom.unidentified))
      }
    case .reported: break
    }
    if attribution != .otherCause, oom.unattributed > 0, let reading {
      searchForVictims(at: reading.now)
    }
  }

  /// Whether the options ask for a report of each such process, so that its death is reported already.
  private func reportsExit(of victim: OOMAttribution.Victim) -> Bool {
    victim.isCommand
      ? options.verbosity >= 1 : options.warnsOfReaped || options.verbosity >= 2
  }
}
