import Foundation

/// The time from SIGTERM to the exit of PID 1, and so of all processes, in a tree in which each
/// process takes the default action for SIGTERM, on one processor.
struct Shutdown {
  /// The number of processes and of repetitions.
  let rounds: [(processes: Int, repetitions: Int)]

  func measure(_ programs: Programs, into table: inout Table) throws {
    guard let swinit = programs.swinit else { return }
    var patient = swinit
    patient.options = ["-k", "10s"]
    patient.role = .variant
    let all = programs.contestants + [patient]
    for (processes, repetitions) in rounds {
      var spans = Samples()
      try Machine.onOneProcessor {
        try takeTurns(all, rounds: repetitions) { contestant in
          let words = contestant.words([programs.command, "tree", "\(processes)"], toGroup: true)
          let running = try Running(words, .processOneWithFiles)
          _ = try running.numbers(1)
          // Do not count what the init does after its start.
          Thread.sleep(forTimeInterval: 0.02)
          let start = now()
          Foundation.kill(running.process, SIGTERM)
          _ = try running.end()
          spans[contestant].add(now() - start)
        }
      }
      var medians = spans.medians(over: 1000)
      let waiting = medians.removeValue(forKey: patient)
      table.add(.shutdown(processes), medians)
      if let waiting { table.add(.patientShutdown(processes), [swinit: waiting]) }
    }
  }
}
