import Supervision
import Testing

@Suite("What takes the processes of a control group that is full")
struct ProcessCensusTests {
  private func leak(_ processes: [(id: Int32, parent: Int32, state: String, threads: Int)]) throws
    -> ProcessLeak
  {
    var census = ProcessCensus()
    let statuses = try processes.map { process in
      let line =
        "\(process.id) (a) \(process.state) \(process.parent) 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 "
        + "\(process.threads) 0 5 0 1\n"
      return (ProcessID(rawValue: process.id), try #require(ProcessStatus(text(line))))
    }
    for (process, status) in statuses { census.note(process, status) }
    for (_, status) in statuses { census.noteAgain(status) }
    return census.leak
  }

  private let few: [(id: Int32, parent: Int32, state: String, threads: Int)] = [
    (1, 0, "S", 1), (7, 1, "S", 4), (8, 7, "S", 1), (9, 8, "S", 2),
  ]

  @Test("A parent that leaves many zombies is found among others")
  func zombies() throws {
    let zombies = (0..<100 as Range<Int32>).map { index in
      (20 + index, index % 3 == 0 ? Int32(8) : 7, "Z", 1)
    }
    let expected = ProcessLeak(.zombies, 66, ProcessID(rawValue: 7))
    #expect(try leak(few + zombies) == expected)
  }

  @Test("A parent of many children that run is found among others")
  func children() throws {
    let children = (0..<50 as Range<Int32>).map { (20 + $0, Int32(9), "S", 1) }
    let zombies = (0..<30 as Range<Int32>).map { (200 + $0, Int32(8), "Z", 1) }
    let expected = ProcessLeak(.children, 50, ProcessID(rawValue: 9))
    #expect(try leak(zombies + few + children) == expected)
  }

  @Test("A process with many threads is found among others")
  func threads() throws {
    let expected = ProcessLeak(.threads, 300, ProcessID(rawValue: 11))
    #expect(try leak(few + [(11, 7, "S", 300), (12, 7, "S", 4)]) == expected)
  }
}
