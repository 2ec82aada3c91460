import CLinux
import Supervision

/// Looks at all processes of the container for victims of the OOM killer.
@safe
struct VictimSearch {
  /// Those that were dying of SIGKILL at the last look.
  private var before = ProcessSet(.killedBefore)
  private var now = ProcessSet(.killedNow)
  /// The memory is zero at first: no candidates.
  private let memory = unsafe clinux_candidate_buffer().assumingMemoryBound(to: OOMCandidates.self)
  private var candidates: OOMCandidates {
    _read { yield unsafe memory.pointee }
    nonmutating _modify { yield unsafe &memory.pointee }
  }

  /// Looks at them all: those that may be victims are remembered, or those are found that are.
  @inline(never)
  mutating func look(
    _ purpose: OOMCandidates.Purpose, isPID1: Bool, _ cgroup: borrowing Cgroup
  ) -> Event {
    let start = clinux_processor_time()
    let me = ProcessID(rawValue: getpid())
    let isFinding = if case .finding = purpose { true } else { false }
    candidates.begin(purpose)
    var processes = ContainerProcesses(isPID1: isPID1)
    while let (process, status) = processes.next() {
      if process == me { continue }
      // Its name is in memory that another file may overwrite.
      let name = ProcessName(status.name)
      let isKilled = status.isDyingOfSignal && ProcessFiles.hasPendingKill(process)
      let wasKilled = isKilled && before.contains(process)
      if isKilled {
        if isFinding { before.insert(process) } else { now.insert(process) }
      }
      candidates.note(
        OOMVictim(process, name), status, purpose, parentIsSwinit: status.parent == me,
        isKilled: isKilled, wasKilled: wasKilled)
    }
    if isFinding {
      var found = candidates.found
      found.kills = cgroup.readKills() ?? 0
      return .foundVictims(found, nanoseconds: clinux_processor_time() &- start, now: Clock.now)
    }
    before.removeAll()
    swap(&before, &now)
    return .remembered(
      pages: candidates.sum, nanoseconds: clinux_processor_time() &- start, now: Clock.now)
  }

  /// The next victim of a kind.
  func take(_ kind: OOMCandidates.Kind) -> OOMVictim? { candidates.take(kind) }
}
