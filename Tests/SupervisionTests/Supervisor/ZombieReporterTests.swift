import Supervision
import Testing

@Suite("Reports of unreaped zombies")
struct ZombieReporterTests {
  /// What is said of process 7 at each look, by how many zombies it has then.
  private func said(_ counts: [Int]) -> [Int] {
    let looks = counts.map { count in
      count == 0 ? [] : [(parent: Int32(7), count: count)]
    }
    return said(looks).map(\.count)
  }

  private func said(_ looks: [[(parent: Int32, count: Int)]]) -> [(parent: Int, count: Int)] {
    var options = Options()
    options.zombieCheck = .milliseconds(10)
    var rehearsal = Rehearsal(
      options: options, occurrences: Array(repeating: .deadline, count: looks.count),
      zombies: looks.map { look in
        look.map { ZombieCount(parent: ProcessID(rawValue: $0.parent), count: $0.count) }
      })
    rehearsal.play()
    return rehearsal.texts.map { line in
      // swinit: process 7 has 1 zombie child …
      let words = line.split(separator: " ")
      return (Int(words[2]) ?? 0, Int(words[4]) ?? 0)
    }
  }

  @Test("A process with zombies is reported once, and again whenever their number has doubled")
  func doubling() {
    #expect(said([1, 1, 1]) == [1])
    #expect(said(Array(1...100)) == [1, 2, 4, 8, 16, 32, 64])
    #expect(said([3, 5, 6, 11, 12]) == [3, 6, 12])
    #expect(said([100, 50, 199, 200]) == [100, 200])
    #expect(said([0, 0, 2, 0, 2]) == [2, 2])
  }

  @Test("Each process with zombies is reported by itself")
  func several() {
    let looks: [[(parent: Int32, count: Int)]] = [
      [(7, 1), (8, 3)], [(8, 3), (7, 2)], [(9, 1), (7, 3), (8, 6)], [(9, 1), (8, 6)],
    ]
    let expected = [(7, 1), (8, 3), (7, 2), (9, 1), (8, 6)]
    #expect(said(looks).map { "\($0)" } == expected.map { "(parent: \($0.0), count: \($0.1))" })
  }

  @Test("A census counts zombies by parent, for up to sixteen parents")
  func census() {
    var census = ZombieCensus()
    for round in 0..<3 {
      for parent in 0..<20 as Range<Int32> where parent % 3 >= round {
        census.add(2, parent: ProcessID(rawValue: 100 + parent))
      }
    }
    var counts: [Int32: Int] = [:]
    while let next = census.takeNext() { counts[next.parent.rawValue] = next.count }
    #expect(counts.count == 16)
    for (parent, count) in counts { #expect(count == Int((parent - 100) % 3 + 1) * 2) }
    #expect(census.takeNext() == nil)
  }

  @Test("No scan for zombies happens without --zombie-check, or with an infinite period")
  func off() {
    var options = Options()
    for _ in 0..<2 {
      var rehearsal = Rehearsal(
        options: options, occurrences: [.deadline, .deadline],
        zombies: [[ZombieCount(parent: ProcessID(rawValue: 7), count: 5)]])
      rehearsal.play()
      #expect(rehearsal.texts == [])
      options.zombieCheck = .infinity
    }
  }
}
