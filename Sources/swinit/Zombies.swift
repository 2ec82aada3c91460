import CLinux
import Supervision

/// The zombies that other processes leave.
struct Zombies {
  private var before = ProcessSet(.zombiesBefore)
  private var now = ProcessSet(.zombiesNow)
  private var census = ZombieCensus()

  /// Counts those that were there at the last call already, as PID 1 among all processes, otherwise
  /// among the descendants; gives the first process that leaves any.
  @inline(never)
  mutating func count(isPID1: Bool) -> ZombieCount? {
    census = ZombieCensus()
    let me = ProcessID(rawValue: getpid())
    var descendants = Descendants()
    var isComplete = false
    // A child whose number is lower than its parent's is found by the next look only.
    while !isComplete {
      isComplete = true
      var processes = ProcessList()
      while let (process, status) = processes.next() {
        if !isPID1 {
          guard descendants.findsNew(process, status) else { continue }
          isComplete = false
        }
        guard status.isZombie, status.parent != me else { continue }
        if before.contains(process) { census.add(1, parent: status.parent) }
        now.insert(process)
      }
    }
    before.removeAll()
    swap(&before, &now)
    return next()
  }

  /// The next process that leaves zombies, nil after the last.
  mutating func next() -> ZombieCount? { census.takeNext() }
}
