import Supervision
import Testing

@Suite("Attribution of kills to the OOM killer")
struct OOMAttributionTests {
  private func reading(_ kills: Int64, at milliseconds: Int64 = 0) -> MemoryReading {
    MemoryReading(
      kills: kills, limit: nil, peak: nil, now: Instant(nanoseconds: milliseconds * 1_000_000))
  }

  private func kill(_ process: Int32, _ name: String = "") -> ChildChange {
    .end(of: process, .killed(by: .kill), name: name)
  }

  /// What is said of each process that was killed: its number and the event.
  private func said(_ rehearsal: consuming Rehearsal) -> [String] {
    rehearsal.play()
    return rehearsal.texts.map { line in
      let words = line.split(separator: " ")
      if line.contains("out of memory:") { return "\(words[8]) out of memory" }
      if line.contains("out of memory?") { return "\(words[2]) perhaps after \(words[19])" }
      return "\(words[2]) \(words.last == "send\n" ? "killed" : "?")"
    }
  }

  @Test("One kill in the cgroup's counter explains one killed child")
  func one() {
    let occurrences = [31, 32, 33].map { Occurrence.changes([kill($0, "w")]) }
    #expect(
      said(Rehearsal(occurrences: occurrences, readings: [0, 1, 1, 2].map { reading($0) }))
        == ["31 out of memory", "32 killed", "33 out of memory"])
  }

  @Test("Two kills in the cgroup's counter explain two killed children, in one sweep or in two")
  func two() {
    let readings = [reading(0), reading(2)]
    #expect(
      said(
        Rehearsal(occurrences: [.changes([31, 32, 33].map { kill($0, "w") })], readings: readings))
        == ["31 out of memory", "32 out of memory", "33 killed"])
    let occurrences = [31, 32, 33].map { Occurrence.changes([kill($0, "w")]) }
    #expect(
      said(Rehearsal(occurrences: occurrences, readings: readings))
        == ["31 out of memory", "32 out of memory", "33 killed"])
  }

  @Test("A kill in the counter that explains no child is forgotten after a while")
  func late() {
    let occurrences = [31, 32].map { Occurrence.changes([kill($0, "w")]) }
    for (gap, end) in [(2000 as Int64, "32 out of memory"), (2001, "32 killed")] {
      #expect(
        said(
          Rehearsal(
            occurrences: occurrences,
            readings: [reading(0), reading(2, at: 5), reading(2, at: 5 + gap)]))
          == ["31 out of memory", end])
    }
    // A death that it explains doesn't make it last longer.
    #expect(
      said(
        Rehearsal(
          occurrences: [31, 32, 33].map { .changes([kill($0, "w")]) },
          readings: [reading(0), reading(3, at: 5), reading(3, at: 2005), reading(3, at: 2006)]))
        == ["31 out of memory", "32 out of memory", "33 killed"])
  }

  @Test("Unreadable counters, and kills long before a child's, explain no child")
  func unknown() {
    let occurrences = [Occurrence.changes([kill(31, "w")])]
    for readings in [
      [nil, reading(0)], [reading(7), nil], [nil, nil], [reading(7), reading(7, at: 2001)],
    ] {
      #expect(said(Rehearsal(occurrences: occurrences, readings: readings)) == ["31 killed"])
    }
  }

  @Test(
    "A child that was killed when the counter was first read may be one of those that it counts")
  func beforeFirstReading() {
    // It was reaped before, or soon after.
    #expect(
      said(Rehearsal(readings: [reading(7)], firstSweep: .changed(kill(31, "w"))))
        == ["31 perhaps after 7"])
    #expect(
      said(Rehearsal(readings: [reading(0)], firstSweep: .changed(kill(31, "w"))))
        == ["31 killed"])
    let occurrences = [31, 32, 33].map { Occurrence.changes([kill($0, "w")]) }
    #expect(
      said(
        Rehearsal(
          occurrences: occurrences,
          readings: [reading(7), reading(7, at: 2000), reading(8, at: 2000), reading(8, at: 4001)]))
        == ["31 perhaps after 7", "32 out of memory", "33 killed"])
    #expect(
      said(Rehearsal(occurrences: Array(occurrences.prefix(1)), readings: [nil, reading(1)]))
        == ["31 perhaps after 1"])
  }

  @Test("What may have killed a child before the first reading is reported at any verbosity")
  func beforeFirstReadingVerbosely() {
    var options = Options()
    options.verbosity = 2
    var rehearsal = Rehearsal(
      options: options, readings: [reading(1)], firstSweep: .changed(kill(31, "w")))
    rehearsal.play()
    #expect(
      rehearsal.texts.contains(
        "swinit: process 31 (w) was killed by SIGKILL, which swinit did not send; out of memory? "
          + "the kernel killed 1 process that was not identified\n"))
    #expect(
      rehearsal.objects.contains {
        $0.hasSuffix(#""event":"killed","pid":31,"name":"w","unidentified_oom_kills":1}"# + "\n")
      })
  }

  @Test("Children that exited or died of another signal cause no reading of the counter")
  func others() {
    let ends = [ChildChange.end(of: 31, .killed(by: .terminate)), .end(of: 32, .exited(137))]
    #expect(
      said(Rehearsal(occurrences: [.changes(ends)], readings: [reading(0), reading(2)])) == [])
  }

  @Test("A child that is reported as killed anyway is reported once")
  func once() {
    var options = Options()
    options.warnsOfReaped = true
    var rehearsal = Rehearsal(options: options, occurrences: [.changes([kill(31, "w")])])
    rehearsal.play()
    #expect(rehearsal.texts == ["swinit: reaped orphan 31 (w), which was killed by SIGKILL\n"])
  }

  @Test("swinit does not examine children after its own KILL")
  func own() {
    var options = Options()
    options.rewrites.rewrite(.terminate, to: .kill)
    let term = ReceivedSignal(.terminate, from: .kernel)
    #expect(
      said(
        Rehearsal(options: options, occurrences: [.signal(term), .changes([kill(12), kill(31)])]))
        == [])
    options = Options()
    options.killAfter = .milliseconds(10)
    #expect(
      said(
        Rehearsal(
          options: options,
          occurrences: [.signal(term), .deadline, .changes([kill(31), kill(12)]), .deadline]))
        == [])
  }

  @Test("An out-of-memory kill of the command is in the warning and in the termination log")
  func command() {
    var options = Options()
    options.terminationLog = text("/log")
    let after = MemoryReading(
      kills: 1, limit: 33_554_432, peak: 33_030_144, now: Instant(nanoseconds: 0))
    var rehearsal = Rehearsal(
      options: options, occurrences: [.changes([kill(12, "sleep")])], readings: [reading(0), after])
    rehearsal.play()
    #expect(
      rehearsal.texts == [
        "swinit: out of memory: the kernel killed process 12 (sleep); limit 32 MiB, peak 31.5 "
          + "MiB\n"
      ])
    #expect(
      rehearsal.objects == [
        #"{"time":"2026-11-21T03:10:24.123Z","level":"warning","logger":"swinit","msg":"out of "#
          + "memory: the kernel killed process 12 (sleep); limit 32 MiB, peak 31.5 MiB"
          + #"","event":"out_of_memory","pid":12,"#
          + #""name":"sleep","certainty":"observed","limit_bytes":33554432,"peak_bytes":33030144}"#
          + "\n"
      ])
    #expect(
      rehearsal.logged == [
        "swinit: 'sleep' (process 12) was killed by SIGKILL, out of memory, after 0ms; peak "
          + "memory 0 KiB, CPU time 0ms; orphans reaped: 0\n"
      ])
    #expect(rehearsal.status == 137)
  }

  @Test("An out-of-memory kill is reported without a name, a limit or a peak if they are unknown")
  func bare() {
    for (limit, peak, words) in [
      (nil, nil, ""), (524_288, nil, "; limit 512 KiB"),
      (nil, 1_153_434, "; peak 1.1 MiB"), (1_048_575, nil, "; limit 1023 KiB"),
    ] as [(Int64?, Int64?, String)] {
      let after = MemoryReading(
        kills: 1, limit: limit, peak: peak, now: Instant(nanoseconds: 0))
      var rehearsal = Rehearsal(occurrences: [.changes([kill(31)])], readings: [reading(0), after])
      rehearsal.play()
      #expect(
        rehearsal.texts == ["swinit: out of memory: the kernel killed process 31\(words)\n"])
    }
  }
}
