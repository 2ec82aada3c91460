import Supervision
import Testing

@Suite("Victims of the OOM killer that other processes reap")
struct OOMCandidatesTests {
  private let finding = OOMCandidates.Purpose.finding(limit: 400 * 4096)

  /// A process as a look finds it.
  private struct Process {
    let id: Int32
    var name = "w"
    var pages = 1000
    var start = 50
    var state = "S"
    var isKilled = false
    var wasKilled = false
    var isOwn = false
  }

  private func look(
    _ candidates: inout OOMCandidates, _ purpose: OOMCandidates.Purpose, _ processes: [Process]
  ) throws {
    candidates.begin(purpose)
    for process in processes {
      let line =
        "\(process.id) (\(process.name)) \(process.state) 7 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 "
        + "\(process.start) 0 \(process.pages) 0 0\n"
      candidates.note(
        OOMVictim(ProcessID(rawValue: process.id), .named(process.name)),
        try #require(ProcessStatus(text(line))), purpose, parentIsSwinit: process.isOwn,
        isKilled: process.isKilled, wasKilled: process.wasKilled)
    }
  }

  private func taken(
    _ candidates: inout OOMCandidates, _ kind: OOMCandidates.Kind
  ) -> [Int32] {
    var taken: [Int32] = []
    while let victim = candidates.take(kind) { taken.append(victim.process.rawValue) }
    return taken
  }

  @Test("A process that was remembered, and is not found any more, has gone")
  func gone() throws {
    var candidates = OOMCandidates()
    try look(
      &candidates, .remembering(afterKill: false), (10...14).map { Process(id: $0, name: "w\($0)") }
    )
    try look(&candidates, finding, [10, 11, 13, 14].map { Process(id: $0) })
    #expect(candidates.found == OOMVictims(children: 0, dying: 0, gone: 1))
    let victim = OOMVictim(ProcessID(rawValue: 12), .named("w12"))
    #expect(candidates.take(.gone) == victim)
    #expect(candidates.take(.gone) == nil)
    // It explains one kill only.
    try look(&candidates, finding, [10, 11, 13, 14].map { Process(id: $0) })
    #expect(candidates.found.gone == 0)
  }

  @Test(
    "What was remembered explains the kills of one look: later, another process may be the victim")
  func forgotten() throws {
    var candidates = OOMCandidates()
    let both = [Process(id: 10), Process(id: 11)]
    try look(&candidates, .remembering(afterKill: false), both)
    try look(&candidates, finding, [Process(id: 10)])
    #expect(candidates.found.gone == 1)
    // Process 10 exits by itself, and a new one is killed.
    try look(&candidates, finding, [])
    #expect(candidates.found.gone == 0)
    try look(&candidates, .remembering(afterKill: false), both)
    try look(&candidates, finding, [Process(id: 10), Process(id: 11, isKilled: true)])
    #expect(taken(&candidates, .dying) == [11])
    try look(&candidates, finding, [])
    #expect(candidates.found.gone == 0)
  }

  @Test("Nothing is inferred from processes that were remembered after a kill")
  func afterKill() throws {
    var candidates = OOMCandidates()
    try look(&candidates, .remembering(afterKill: true), [Process(id: 10), Process(id: 11)])
    try look(&candidates, finding, [Process(id: 10)])
    #expect(candidates.found.gone == 0)
  }

  @Test("A process with the number of one that was remembered, but another start, is another one")
  func numbersUsedAgain() throws {
    var candidates = OOMCandidates()
    try look(&candidates, .remembering(afterKill: false), [Process(id: 10), Process(id: 11)])
    try look(&candidates, finding, [Process(id: 10, start: 51), Process(id: 11)])
    #expect(taken(&candidates, .gone) == [10])
  }

  @Test("A process that was much smaller than the largest has exited by itself")
  func small() throws {
    var candidates = OOMCandidates()
    let processes = [(10, 1000), (11, 499), (12, 500), (13, 20)]
      .map { Process(id: $0.0, pages: $0.1) }
    try look(&candidates, .remembering(afterKill: false), processes)
    try look(&candidates, finding, [])
    #expect(taken(&candidates, .gone) == [10, 12])
    try look(&candidates, .remembering(afterKill: false), processes.dropFirst(1).map { $0 })
    try look(&candidates, finding, [])
    #expect(taken(&candidates, .gone) == [11, 12])
  }

  @Test("Of more processes than can be remembered, the largest are")
  func many() throws {
    var candidates = OOMCandidates()
    let sizes = (0..<100).map { ($0 * 37) % 100 }
    let processes = sizes.enumerated().map {
      Process(id: Int32(10 + $0.offset), pages: 10_000 + $0.element)
    }
    try look(&candidates, .remembering(afterKill: false), processes)
    try look(&candidates, finding, [])
    #expect(candidates.found.gone == 32)
    let largest = processes.filter { $0.pages >= 10_068 }.map(\.id)
    #expect(taken(&candidates, .gone).sorted() == largest)
  }

  @Test("A process that is dying of SIGKILL is found once, whether it was remembered or not")
  func dying() throws {
    var candidates = OOMCandidates()
    try look(&candidates, .remembering(afterKill: false), [Process(id: 10)])
    try look(
      &candidates, finding,
      [
        Process(id: 10, isKilled: true), Process(id: 11, isKilled: true, wasKilled: true),
        Process(id: 12, state: "Z", isKilled: true),
      ])
    #expect(candidates.found == OOMVictims(children: 0, dying: 2, gone: 0))
    #expect(taken(&candidates, .dying) == [10, 12])
    try look(
      &candidates, finding, [Process(id: 12, state: "Z", isKilled: true, wasKilled: true)])
    #expect(candidates.found == OOMVictims(children: 0, dying: 0, gone: 0))
  }

  @Test("A process that exits by itself, and is still a zombie, is no victim later")
  func zombie() throws {
    var candidates = OOMCandidates()
    try look(&candidates, .remembering(afterKill: false), [Process(id: 10), Process(id: 11)])
    try look(&candidates, finding, [Process(id: 10, state: "Z"), Process(id: 11)])
    #expect(candidates.found == OOMVictims(children: 0, dying: 0, gone: 0))
    try look(&candidates, finding, [Process(id: 11)])
    #expect(candidates.found == OOMVictims(children: 0, dying: 0, gone: 0))
  }

  @Test("swinit's own children are only counted: they are known when they are reaped")
  func children() throws {
    var candidates = OOMCandidates()
    try look(
      &candidates, .remembering(afterKill: false),
      [Process(id: 10, isOwn: true), Process(id: 11)])
    try look(
      &candidates, finding,
      [Process(id: 11), Process(id: 12, isKilled: true, wasKilled: true, isOwn: true)])
    #expect(candidates.found == OOMVictims(children: 1, dying: 0, gone: 0))
  }

  @Test("Dying processes beyond those that can be named are left out")
  func crowd() throws {
    var candidates = OOMCandidates()
    try look(&candidates, finding, (10..<110).map { Process(id: $0, isKilled: true) })
    #expect(candidates.found.dying == 32)
    #expect(taken(&candidates, .dying) == Array(10..<42))
  }

  @Test("Nothing is inferred from processes that had less than 60 % of the memory")
  func incomplete() throws {
    for (limit, gone) in [(1660 * 4096, 1), (1670 * 4096, 0), (nil, 0)] as [(Int64?, Int)] {
      var candidates = OOMCandidates()
      try look(&candidates, .remembering(afterKill: false), [Process(id: 10)])
      try look(&candidates, .finding(limit: limit), [])
      #expect(candidates.found.gone == gone)
    }
  }

  @Test("A process that died while the others were remembered is found once, gone or not")
  func diedMeanwhile() throws {
    let processes = [
      Process(id: 10), Process(id: 11, isKilled: true),
      Process(id: 12, pages: 0, state: "Z", isKilled: true),
      Process(id: 13, pages: 0, isKilled: true),
    ]
    var dying = processes
    for index in dying.indices { dying[index].wasKilled = true }
    // The zombie may be an old one if its parent hasn't reaped it since.
    for (later, victims) in [([processes[0]], [11, 12, 13]), (dying, [11, 13])]
      as [([Process], [Int32])]
    {
      var candidates = OOMCandidates()
      try look(&candidates, .remembering(afterKill: false), processes)
      try look(&candidates, finding, later)
      #expect(candidates.found == OOMVictims(children: 0, dying: victims.count, gone: 0))
      #expect(taken(&candidates, .dying) == victims)
      try look(&candidates, finding, later)
      #expect(candidates.found.dying == 0)
      try look(&candidates, .remembering(afterKill: false), processes)
      try look(&candidates, .finding(limit: nil), later)
      #expect(candidates.found.dying == 0)
    }
  }

  @Test(
    "A victim that was found before is not found again, however often the others are remembered")
  func foundBefore() throws {
    var candidates = OOMCandidates()
    try look(&candidates, finding, [Process(id: 10, isKilled: true)])
    #expect(taken(&candidates, .dying) == [10])
    let later = [Process(id: 10, isKilled: true, wasKilled: true), Process(id: 11)]
    try look(&candidates, .remembering(afterKill: true), later)
    try look(&candidates, finding, [Process(id: 11)])
    #expect(candidates.found == OOMVictims(children: 0, dying: 0, gone: 0))
  }
}
