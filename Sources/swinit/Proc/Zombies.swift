import CLinux
import Supervision

/// The zombies that other processes do not reap.
struct Zombies {
  private var before = ProcessSet(.zombiesBefore)
  private var now = ProcessSet(.zombiesNow)
  private var census = ZombieCensus()

  /// Counts those that were there at the last call already, as PID 1 among all processes, otherwise
  /// among the descendants; gives the first process that leaves any.
  @inline(never)  // 32 bytes
  mutating func count(isPID1: Bool) -> ZombieCount? {
    census = ZombieCensus()
    let me = ProcessID(rawValue: getpid())
    var processes = ContainerProcesses(isPID1: isPID1)
    while let (process, status) = processes.next() {
      guard status.isZombie, status.parent != me, status.parent != .invalid else { continue }
      if before.contains(process) { census.add(1, parent: status.parent) }
      now.insert(process)
    }
    before.removeAll()
    swap(&before, &now)
    return next()
  }

  /// The next process that leaves zombies, nil after the last.
  @inline(never)  // 32 bytes
  mutating func next() -> ZombieCount? { census.takeNext() }
}
