// What people are told of: kills, zombies, and how it all ended.

extension Supervisor {
  /// Whether how COMMAND ended is told at the end.
  var wantsSummary: Bool {
    !options.pauses && (options.verbosity > 0 || options.terminationLog != nil)
  }

  /// A child is reaped that ended, and may have been killed.
  mutating func recordKill(_ change: ChildChange, isCommand: Bool) {
    guard case .killed(.kill, _) = change.status.change else { return }
    namesKilled = true
    if shutdown.isKilling {
      summary.killed.append(change.process, change.name)
    } else if !forwarding.hasSentKill {
      victim = Victim(process: change.process, name: change.name, isCommand: isCommand)
    }
  }

  mutating func record(_ reading: MemoryReading?) {
    memoryIsDue = false
    guard let victim else {
      memory.begin(reading)
      return
    }
    self.victim = nil
    reaps &+= Supervisor.reapsPerMemoryReading
    if let reading, memory.explains(reading) {
      if victim.isCommand { summary.isOutOfMemory = true }
      report(.outOfMemory(victim.process, victim.name, limit: reading.limit, peak: reading.peak))
    } else if !hasBeenToldOf(victim) {
      report(.killed(victim.process, victim.name))
    }
  }

  /// Whether an option asks for words about each such end, so that they were said.
  private func hasBeenToldOf(_ victim: Victim) -> Bool {
    victim.isCommand
      ? options.verbosity >= 1 : options.warnsOfReaped || options.verbosity >= 2
  }

  mutating func nextZombieAction() -> Action? {
    switch zombieCheck {
    case .begun:
      zombieWatch.begin()
      return .countZombies
    case .counted: return .takeZombies
    case .found: return .readName(zombies.parent)
    case .over: return nil
    }
  }

  mutating func record(_ zombies: ZombieCount?) {
    zombieCheck = .over
    guard let zombies else { return }
    self.zombies = zombies
    zombieCheck = zombieWatch.isNews(zombies) ? .found : .counted
  }

  mutating func recordZombies(ofParentNamed name: ProcessName) {
    zombieCheck = .counted
    report(.zombies(zombies.count, parent: zombies.parent, name))
  }

  /// The summary goes to the termination log, and to those who asked for that much.
  mutating func nextSummaryAction() -> Action? {
    guard wantsSummary, !hasSummarized else { return nil }
    if let startOfCommand, let endOfCommand {
      summary.milliseconds = endOfCommand.milliseconds(since: startOfCommand)
    }
    if !hasLogged, options.terminationLog != nil {
      hasLogged = true
      return .report(.summary(summary), to: .terminationLog)
    }
    hasSummarized = true
    return options.verbosity > 0 ? .report(.summary(summary), to: .standardError) : nil
  }
}
