extension Supervisor {
  /// Whether swinit may have killed any descendant itself, so that no kill tells who sent it.
  private var hasKilled: Bool { shutdown.isKilling || forwarding.hasSentKill }

  /// Watches the control group.
  @inline(__always)
  mutating func nextWatchAction() -> Action? {
    if hasKilled || hasFailed { return nil }
    let isLast = exitStatus != nil
    return rounds.isUnderWay && !isLast ? nil : watch.nextAction(isLast: isLast)
  }

  /// Begins to watch the control group.
  var nextWatchBeginning: Action? {
    @inline(__always) get { hasKilled || hasFailed ? nil : watch.nextFirstReading }
  }

  /// The counts of the control group were read, or can't be.
  mutating func record(_ events: CgroupEvents?) {
    let isFirst = watch.note(events)
    guard let events, !hasKilled else { return }
    if isFirst {
      report(
        .watching(memory: events.hasMemory, processes: events.hasRefusals),
        atVerbosity: 1)
    }
    if events.hasMemory {
      let hasRisen = oom.note(kills: events.memory.kills, at: events.now)
      // Some may have been killed since the first reading, before the watch began.
      if hasRisen || isFirst && oom.unattributed > 0 {
        searchForVictims(at: events.now)
      } else {
        watch.forgetGroupKill()
      }
    }
    // Pending signals come before a look at all processes: a child of swinit's may be the victim.
    if watch.isBusy { rounds.begin() }
  }

  /// Processes were killed that may not be swinit's children.
  @inline(never)
  mutating func searchForVictims(at now: Instant) {
    watch.searchForVictims(at: now)
    if let deadline = watch.deadline { oom.keepKills(until: deadline) }
  }

  /// A look at all processes may be due now.
  @inline(__always)
  mutating func beginLook(at now: Instant) {
    if watch.beginLook(at: now) { rounds.begin() }
  }

  /// A look at all processes has found victims of the OOM killer.
  mutating func record(_ found: OOMVictims, _ nanoseconds: Int64, _ now: Instant) {
    watch.noteSearch(nanoseconds, at: now)
    oom.note(found)
    let others = watch.note(found, kills: &oom.unattributed)
    if others > 0 { reportUnidentified(others) }
  }

  /// The next victim was taken.
  mutating func record(_ victim: OOMVictim?) {
    let certainty = watch.noteVictim()
    guard let victim, oom.claim(victim.process) else { return reportUnidentified(1) }
    report(
      .outOfMemory(
        victim.process, victim.name, certainty, limit: watch.limit, peak: watch.peak))
  }

  /// The grace period has expired: whom swinit kills now can't be told from victims.
  mutating func endSearch() {
    let isAbandoned = watch.abandonSearch()
    if isAbandoned, oom.unattributed > 0 { reportUnidentified(oom.takeUnattributed()) }
  }

  private mutating func reportUnidentified(_ count: Int64) {
    oom.unidentified &+= count
    let obscurity: Obscurity =
      watch.takeGroupKill() ? .killedWithGroup : isPID1 ? .reaped : .notFound
    report(
      .outOfMemoryUnidentified(count, obscurity, limit: watch.limit, peak: watch.peak))
  }

  /// The processes of the control group were examined, because a fork was refused.
  mutating func record(_ limit: ProcessLimit?) {
    watch.noteExamined(isReached: limit != nil)
    if let limit { report(.processLimitReached(limit)) }
  }
}
