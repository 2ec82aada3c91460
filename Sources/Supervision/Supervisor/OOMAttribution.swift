/// Finds out whether the OOM killer has killed a process that was reaped: by the control group's count of
/// its kills.
struct OOMAttribution {
  /// A process that was killed by a SIGKILL that swinit did not send.
  struct Victim {
    let process: ProcessID
    let name: ProcessName
    let isCommand: Bool
  }

  /// How the count is first read.
  private enum FirstReading {
    /// It waits until the command has had a moment to itself.
    case waiting
    /// It is due when there is nothing else to do.
    case due
    case done
  }

  /// How long after the count rose a kill is still attributed to it.
  private static let attributionMilliseconds: Int64 = 2000
  /// How long the command has to itself. 5 ms are longer than the tick of most kernels, 4 ms: a timer
  /// after the next tick costs next to nothing, an earlier one reprograms the clock twice.
  private static let settlingMilliseconds = 5

  private var firstReading = FirstReading.waiting
  private(set) var victim: Victim?
  /// The count when it was last read, nil if it could not be.
  private var kills: Int64?
  /// How many of the kills are not attributed to a reaped process yet, and until when they can be.
  private var unattributed: Int64 = 0
  private var end = Instant(nanoseconds: 0)

  /// Asks whether the OOM killer has killed this process.
  mutating func ask(about victim: Victim) { self.victim = victim }

  /// The command had a moment to itself, or a signal has ended that.
  mutating func noteSettled() {
    if case .waiting = firstReading { firstReading = .due }
  }

  /// Takes the count before anything is attributed to it.
  mutating func begin(_ reading: MemoryReading?) {
    firstReading = .done
    kills = reading?.kills
  }

  /// Attributes the victim to one of the kills that were counted, if there is one; gives whether there was.
  mutating func attribute(to reading: MemoryReading?) -> Bool {
    firstReading = .done
    victim = nil
    guard let reading else { return false }
    if reading.now > end { unattributed = 0 }
    if let kills, reading.kills > kills {
      unattributed &+= reading.kills &- kills
      end = reading.now.advanced(byMilliseconds: OOMAttribution.attributionMilliseconds)
    }
    kills = reading.kills
    guard unattributed > 0 else { return false }
    unattributed &-= 1
    return true
  }

  /// Reads the count for a process that was killed, with what is reported of the memory.
  var nextAction: Action? {
    @inline(__always) get { victim == nil ? nil : .readMemory(details: true) }
  }

  /// Reads the count for the first time. A command that exits at once is not delayed by that; with a
  /// deadline to keep there is no moment to wait.
  @inline(__always)
  func nextFirstReading(hasDeadline: Bool) -> Action? {
    switch firstReading {
    case .waiting where !hasDeadline:
      .settle(milliseconds: OOMAttribution.settlingMilliseconds)
    case .waiting, .due: .readMemory(details: false)
    case .done: nil
    }
  }
}

extension Supervisor {
  /// A child was reaped, and a signal may have killed it.
  mutating func recordKill(_ change: ChildChange, isCommand: Bool) {
    guard case .killed(.kill, _) = change.status.change else { return }
    reaping.noteKill()
    if shutdown.isKilling {
      reporting.summary.killed.append(change.process, change.name)
    } else if !forwarding.hasSentKill {
      oom.ask(
        about: OOMAttribution.Victim(
          process: change.process, name: change.name, isCommand: isCommand))
    }
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
