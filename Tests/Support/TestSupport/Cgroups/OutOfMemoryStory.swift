package import Testing

/// What swinit reported about out-of-memory kills, and what truly happened.
package struct OutOfMemoryStory {
  /// The workers that the kernel killed, by their parent.
  package let killed: [String]
  /// The processes that swinit named.
  package let named: [String]
  /// How many it only counted.
  package let counted: Int
  /// How many the kernel counted.
  package let kills: Int?
  /// swinit's other messages.
  package let others: [String]

  /// Reads lines: `killed PID` by the workers' parent, swinit's messages, and those of `memory.events`.
  package init(_ lines: [String]) {
    killed = lines.compactMap { $0.wholeMatch(of: /killed (\d+)/).map { String($0.1) } }
    let prefix = "swinit: out of memory: the kernel killed "
    let messages = lines.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
    named = messages.compactMap {
      $0.firstMatch(of: /^(?:a process, most likely )?process (\d+)/).map { String($0.1) }
    }
    counted = messages.compactMap { $0.firstMatch(of: /^(\d+) process/).flatMap { Int($0.1) } }
      .reduce(0, +)
    kills = lines.compactMap { $0.wholeMatch(of: /oom_kill (\d+)/).flatMap { Int($0.1) } }.last
    others = lines.filter { $0.hasPrefix("swinit: ") && !$0.hasPrefix(prefix) }
  }

  /// Expects that each kill is reported once, and no other process; that so many processes were killed,
  /// unless it is nil.
  package func expectTruth(
    kills expected: Int?, _ comment: Comment? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(kills == expected ?? killed.count, comment, sourceLocation: location)
    #expect(killed.count == kills, comment, sourceLocation: location)
    #expect(named.count + counted == kills, comment, sourceLocation: location)
    #expect(Set(named).count == named.count, comment, sourceLocation: location)
    #expect(named.filter { !killed.contains($0) } == [], comment, sourceLocation: location)
    #expect(others == [], comment, sourceLocation: location)
  }
}
