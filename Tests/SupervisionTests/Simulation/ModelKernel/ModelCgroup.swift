import Supervision

/// What swinit can watch of its control group, beside the count of kills (`ModelMemory`).
struct ModelCgroup: Hashable {
  /// Whether it is one of version 2, which reports changes.
  var isUnified = false
  /// Whether swinit has begun to watch it.
  var isWatched = false
  /// Whether a change will end a wait. Several changes are one.
  var hasChanged = false
  /// How often the memory limit was hit, all processes of a group were killed, and a fork was refused.
  var hits: Int64 = 0
  var groupKills: Int32 = 0
  var refusals: Int64 = 0
  /// Whether the group itself has as many processes as it may have.
  var isFull = false
  /// Those that were killed for lack of memory while swinit watches, and were not named.
  var unnamed: [Int32] = []
  /// When they were.
  @IgnoredByEquality var killedAt: [Int32: Instant] = [:]
  /// Whether a process was killed by SIGKILL for another reason, so that a dying one may be none of them.
  var hasOtherKills = false
  /// The processes that have exited, whatever the reason.
  @IgnoredByEquality var otherEnds: Set<Int32> = []

  /// A process that swinit remembers; another with its number starts later.
  struct Remembered: Hashable {
    let id: ProcessID
    let start: Tick
  }
  var remembered: Set<Remembered> = []
  /// Those that were found dying when the others were remembered.
  var diedMeanwhile: [ModelKernel.Remains] = []
  /// Those that were dying at the last look.
  var wereDying: Set<Int32> = []
  /// What the last look has found, and is not taken yet.
  var dying: [ProcessID] = []
  var gone: [ProcessID] = []
}

extension ModelKernel {
  /// A killed process that swinit has found dying.
  struct Remains: Hashable {
    let id: ProcessID
    let start: Tick
    let isZombie: Bool
  }

  /// Memory is reclaimed, since the limit was hit.
  mutating func hitMemoryLimit() {
    cgroup.hits += 1
    cgroup.hasChanged = cgroup.isWatched
  }

  /// The kernel refuses a fork, since this group, or one above, is full.
  mutating func refuseFork(isFull: Bool) {
    cgroup.refusals += 1
    cgroup.isFull = isFull
    cgroup.hasChanged = cgroup.isWatched
  }

  /// The kernel kills a process and all its children at once: `memory.oom.group`.
  mutating func killGroupForMemory(_ id: ProcessID) {
    cgroup.groupKills += 1
    for process in processes where process.id == id || process.parent == id {
      killForMemory(process.id)
    }
  }

  /// swinit reads the counts that it watches.
  mutating func readCgroup() -> CgroupEvents? {
    guard cgroup.isUnified, memory.isReadable else { return nil }
    cgroup.isWatched = true
    cgroup.hasChanged = false
    var events = CgroupEvents.Memory()
    events.hits = cgroup.hits
    events.kills = memory.kills
    events.groupKills = cgroup.groupKills
    return CgroupEvents(memory: events, refusals: cgroup.refusals, now: now)
  }

  /// swinit looks at all processes that it may see.
  mutating func lookForVictims(_ purpose: OOMCandidates.Purpose) -> Event {
    let visible = processes.filter { !isBlind && (isPID1 || $0.isDescendant) }
    let dying = visible.filter(\.isDyingOfKill)
    let others = dying.filter { $0.parent != swinit }
    guard case .finding(let limit) = purpose else {
      let new = others.filter { !cgroup.wereDying.contains($0.id.rawValue) }
      cgroup.diedMeanwhile = new.map {
        Remains(id: $0.id, start: $0.start, isZombie: $0.isZombie)
      }
      cgroup.wereDying = Set(dying.map(\.id.rawValue))
      cgroup.remembered = Set(
        visible.filter { !$0.isDyingOfKill && $0.parent != swinit }
          .map { ModelCgroup.Remembered(id: $0.id, start: $0.start) })
      cgroup.dying = []
      cgroup.gone = []
      // Three of them have almost all memory.
      return .remembered(
        pages: Int64(visible.count) * ModelMemory.limit / 4 / 4096,
        nanoseconds: walkMilliseconds * 1_000_000, now: now)
    }
    let new = others.map(\.id).filter { !cgroup.wereDying.contains($0.rawValue) }
    let meanwhile = cgroup.diedMeanwhile.filter { died in
      !died.isZombie || !visible.contains { $0.id == died.id && $0.start == died.start }
    }
    cgroup.dying = (limit == nil ? [] : meanwhile.map(\.id)) + new
    cgroup.diedMeanwhile = []
    cgroup.wereDying.formUnion(dying.map(\.id.rawValue))
    let present = Set(visible.map { ModelCgroup.Remembered(id: $0.id, start: $0.start) })
    let gone = limit == nil ? [] : cgroup.remembered.subtracting(present)
    cgroup.gone = gone.map(\.id).sorted { $0.rawValue < $1.rawValue }
    cgroup.remembered = Set(
      visible.filter { !$0.isZombie && !$0.isDyingOfKill }
        .map { ModelCgroup.Remembered(id: $0.id, start: $0.start) }
        .filter { cgroup.remembered.contains($0) })
    return .foundVictims(
      OOMVictims(
        children: dying.count - others.count, dying: cgroup.dying.count, gone: cgroup.gone.count,
        kills: memory.isReadable ? memory.kills : 0),
      nanoseconds: walkMilliseconds * 1_000_000, now: now)
  }

  /// swinit takes the next victim.
  mutating func takeVictim(_ kind: OOMCandidates.Kind) -> OOMVictim? {
    let id = kind == .dying ? cgroup.dying.popLast() : cgroup.gone.popLast()
    return id.map { OOMVictim($0, name(of: $0)) }
  }

  /// swinit examines why a fork was refused.
  func examineProcesses() -> ProcessLimit? {
    guard cgroup.isFull else { return nil }
    return ProcessLimit(
      limit: 8, count: 8, leak: ProcessLeak(.zombies, 5, swinit), name: name(of: swinit))
  }
}

extension ModelProcess {
  /// Whether it was sent SIGKILL and is not reaped.
  var isDyingOfKill: Bool {
    switch state {
    case .zombie(let status): status == .killed(by: .kill)
    case .undying: pending.contains(.kill)
    case .running, .stopped: false
    }
  }
}
