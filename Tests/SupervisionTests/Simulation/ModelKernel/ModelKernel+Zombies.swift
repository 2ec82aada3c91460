import Supervision

// What swinit reads of others: names, and the zombies that they leave.

extension ModelKernel {
  /// The name of a process: all are named for their numbers. proc_pid_comm(5)
  func name(of id: ProcessID) -> ProcessName {
    ProcessName(isBlind ? "" : "p\(id.rawValue)")
  }

  /// swinit counts the zombies that others leave, if they were there at the last count.
  mutating func countZombies() -> ZombieCount? {
    let zombies = processes.filter {
      $0.isZombie && $0.parent != swinit && (isPID1 || $0.isDescendant) && !isBlind
    }
    census = []
    for zombie in zombies where zombiesBefore.contains(zombie.id.rawValue) {
      if let index = census.firstIndex(where: { $0.parent == zombie.parent }) {
        census[index].count += 1
      } else {
        census.append(ZombieCount(parent: zombie.parent, count: 1))
      }
    }
    zombiesBefore = Set(zombies.map(\.id.rawValue))
    return takeZombies()
  }

  /// The next parent of zombies.
  mutating func takeZombies() -> ZombieCount? { census.popLast() }
}
