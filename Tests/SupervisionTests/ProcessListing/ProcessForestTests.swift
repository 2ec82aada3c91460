import Testing

@testable import Supervision

@Suite("The tree of --ps")
struct ProcessForestTests {
  /// The processes in the order of the tree, each after two dots for each ancestor shown.
  private func tree(_ processes: [ListedProcess]) -> [String] {
    Forest(processes).rows.map { String(repeating: "..", count: $0.depth) + "\($0.number)" }
  }

  @Test("Each process comes after its parent, and siblings come in the order of their numbers")
  func order() {
    #expect(
      tree([
        .of(1, parent: 0), .of(2, parent: 1), .of(3, parent: 2), .of(4, parent: 1),
        .of(5, parent: 3), .of(6, parent: 2), .of(9, parent: 0), .of(12, parent: 9),
      ]) == ["1", "..2", "....3", "......5", "....6", "..4", "9", "..12"])
  }

  @Test("A process whose parent is not shown begins a tree of its own")
  func invisibleParent() {
    #expect(
      tree([.of(5, parent: 2), .of(7, parent: 5), .of(8, parent: 6)]) == ["5", "..7", "8"])
  }

  @Test("A child with a lower number than its parent, after numbers began again, is below it")
  func numbersBeganAgain() {
    #expect(
      tree([.of(2, parent: 9, start: 20), .of(9, parent: 1, start: 10)]) == ["9", "..2"])
  }

  @Test("A parent that started after its child is another process with a reused number")
  func reusedNumber() {
    #expect(
      tree([.of(3, parent: 4, start: 10), .of(4, parent: 1, start: 11)]) == ["3", "4"])
  }

  @Test(
    "Processes that name each other or themselves as parents are all shown, each once",
    arguments: [0, 1, -1] as [Int64])
  func loops(step: Int64) {
    let ring = (1...9).map { number in
      ListedProcess.of(
        Int32(number), parent: Int32(number % 9 + 1), start: 100 + step * Int64(number))
    }
    #expect(tree(ring).count == 9)
    #expect(Set(tree(ring).map { $0.drop { $0 == "." } }).count == 9)
    #expect(tree([.of(1, parent: 1)]) == ["1"])
  }

  @Test("Each member of a chain of 40,000 processes is shown below its parent")
  func chain() {
    let rows = Forest((1...40_000).map { .of($0, parent: $0 - 1) }).rows
    #expect(rows.count == 40_000)
    for (index, row) in rows.enumerated() where row.depth != index || row.number != index + 1 {
      Issue.record("row \(index) is \(row)")
      break
    }
  }

  @Test("Each of 40,000 children of a process is shown below it")
  func siblings() {
    let rows = Forest((1...40_000).map { .of($0, parent: $0 == 1 ? 0 : 1) }).rows
    #expect(rows.map(\.number) == Array(1...40_000))
    #expect(rows.dropFirst().allSatisfy { $0.depth == 1 })
  }

  @Test("Any processes give a tree in which each is shown once, and below its parent or at the top")
  func randomProcesses() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<500 {
      let count = Int32.random(in: 1...40, using: &random)
      let processes = (1...count).map { number in
        ListedProcess.of(
          number * 2, parent: Int32.random(in: 0...count, using: &random) * 2,
          start: Int64.random(in: 0...5, using: &random))
      }
      let rows = Forest(processes).rows
      #expect(Set(rows.map(\.number)) == Set(processes.map { Int($0.process.rawValue) }))
      #expect(rows.count == processes.count)
      var ancestors: [Int] = []
      for row in rows {
        #expect(row.depth <= ancestors.count)
        ancestors.removeSubrange(row.depth...)
        if row.depth > 0 { #expect(ancestors.last == row.parent) }
        ancestors.append(row.number)
      }
    }
  }

  @Test("A process that does not fit is refused")
  func fullMemory() {
    #expect(Forest((1...100).map { .of($0, parent: $0 / 2) }, room: 99).refused == 1)
    #expect(Forest([], room: 0).rows.isEmpty)
  }
}

/// A forest with memory of its own.
@safe
private final class Forest {
  struct Row {
    let number: Int
    let parent: Int
    let depth: Int
  }

  private let memory: UnsafeMutableRawPointer
  private(set) var rows: [Row] = []
  /// How many processes did not fit.
  private(set) var refused = 0

  init(_ processes: [ListedProcess], room: Int? = nil) {
    let size = (room ?? processes.count) * MemoryLayout<ListedProcess>.stride
    unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    var forest = unsafe ProcessForest(memory, size: size)
    for process in processes where !forest.append(process) { refused += 1 }
    forest.link()
    while let (process, depth) = forest.next() {
      rows.append(
        Row(
          number: Int(process.process.rawValue), parent: Int(process.parent.rawValue),
          depth: depth))
    }
  }

  deinit { unsafe memory.deallocate() }
}
