import CLinux
import Supervision

/// The zombies that other processes do not reap.
struct Zombies {
  private var before = ProcessSet(.zombiesBefore)
  private var now = ProcessSet(.zombiesNow)
  private var census = ZombieCensus()
  /// How often all processes are looked at for one count: descendants may appear faster than they are
  /// looked at.
  private static let limit = 10

  /// Counts those that were there at the last call already, as PID 1 among all processes, otherwise
  /// among the descendants; gives the first process that leaves any.
  @inline(never)  // 32 bytes
  mutating func count(isPID1: Bool) -> ZombieCount? {
    census = ZombieCensus()
    let me = ProcessID(rawValue: getpid())
    var descendants = Descendants()
    // Numbers begin again at the lowest: a child that has a lower one than its parent was passed by
    // before its parent was found.
    var missesChild = false
    for _ in 0..<Zombies.limit {
      var isNew = false
      var processes = ProcessList()
      while let (process, status) = processes.next() {
        guard isPID1 || descendants.findsNew(process, status) else {
          if process.rawValue < status.parent.rawValue { missesChild = true }
          continue
        }
        isNew = true
        guard status.isZombie, status.parent != me else { continue }
        if before.contains(process) { census.add(1, parent: status.parent) }
        now.insert(process)
      }
      guard isNew && missesChild else { break }
    }
    before.removeAll()
    swap(&before, &now)
    return next()
  }

  /// The next process that leaves zombies, nil after the last.
  @inline(never)  // 32 bytes
  mutating func next() -> ZombieCount? { census.takeNext() }
}
