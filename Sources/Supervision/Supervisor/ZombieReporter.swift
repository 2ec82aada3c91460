/// Who was told of, so that each process is told of once, and again when its zombies have doubled.
struct ZombieWatch {
  private var told = ZombieCensus()
  private var toldBefore = ZombieCensus()

  /// A new count begins.
  mutating func begin() {
    toldBefore = told
    told = ZombieCensus()
  }

  /// Takes the zombies of a process that there are now, and were already when they were counted
  /// before; gives whether that is to be told.
  mutating func isNews(_ zombies: ZombieCount) -> Bool {
    let countBefore = toldBefore.count(of: zombies.parent)
    let isNews = zombies.count >= max(1, 2 &* countBefore)
    told.add(isNews ? zombies.count : countBefore, parent: zombies.parent)
    return isNews
  }
}
