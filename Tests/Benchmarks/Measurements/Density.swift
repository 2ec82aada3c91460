import Foundation

/// What many idle containers cost: each has an init as PID 1 of PID and mount namespaces of its own,
/// from one file, with the same idle command. The same commands without any init are subtracted.
struct Density {
  let containers: Int
  /// How long their wake-ups are counted.
  let seconds: Double
  /// How often the start of one more container is measured.
  let starts: Int

  /// The costs of all containers of one init.
  private struct Cost {
    /// Memory that no other process shares, and each process's share of common memory, in kB, of the
    /// inits themselves.
    var own = 0.0
    var proportional = 0.0
    /// By how much the machine's available memory shrank, in kB: the commands and the kernel's own
    /// structures included.
    var lost = 0.0
    /// The time of one more container with a no-op, from its start to its end, in nanoseconds.
    var start = 0.0
    var wakeUps = 0.0
  }

  func measure(_ programs: Programs, into table: inout Table) throws {
    let alone = Contestant(name: "nothing", path: programs.command, role: .floor)
    // The kernel frees late what the previous measurement took; the first containers make up for that.
    _ = try Density(containers: containers, seconds: 0, starts: 1).cost(of: alone, programs)
    let base = try cost(of: alone, programs)
    var costs: [Contestant: Cost] = [:]
    // Programs that need a shared C library take more than a megabyte each, as the idle rows show.
    for contestant in programs.contestants where contestant.build != .sharedGlibc {
      costs[contestant] = try cost(of: contestant, programs)
    }
    table.add(.ownOfAll(containers), costs.mapValues(\.own))
    table.add(.proportionalOfAll(containers), costs.mapValues(\.proportional))
    table.add(
      .lostMemory(containers), costs.mapValues { max(0, $0.lost - base.lost) }, over: base.lost)
    table.add(
      .lastStart(containers), costs.mapValues { ($0.start - base.start) / 1000 },
      over: base.start / 1000)
    table.add(.wakeUpsOfAll(containers), costs.mapValues { $0.wakeUps * 60 / seconds })
  }

  private func cost(of contestant: Contestant, _ programs: Programs) throws -> Cost {
    let isAlone = contestant.path == programs.command
    let idle = Words(
      isAlone
        ? [programs.command, "tree", "1"] : contestant.words([programs.command, "tree", "1"]))
    let oneMore = Words(isAlone ? [programs.noop] : contestant.words([programs.noop]))
    var cost = Cost()
    // One container runs before and all the time, so that the file is in memory.
    let first = try start(idle, contestant)
    Thread.sleep(forTimeInterval: 0.2)
    let available = Density.available
    var processes = [first]
    defer {
      for process in processes { Foundation.kill(process, SIGKILL) }
      for process in processes { _ = try? Running.end(of: process) }
    }
    for _ in 1..<containers { processes.append(try start(idle, contestant)) }
    // Every contestant is idle after this time.
    Thread.sleep(forTimeInterval: 2)
    cost.lost = available - Density.available
    if !isAlone {
      for process in processes {
        let memory = MemoryUse(process)
        cost.own += memory.own
        cost.proportional += memory.proportional
      }
    }
    var spans = Sample()
    try Machine.onOneProcessor {
      for _ in 0..<starts {
        let begin = now()
        _ = try Running.end(of: start(oneMore, contestant))
        spans.add(now() - begin)
      }
    }
    cost.start = spans.median
    let before = switches(processes)
    Thread.sleep(forTimeInterval: seconds)
    cost.wakeUps = switches(processes) - before
    return cost
  }

  private func start(_ words: Words, _ contestant: Contestant) throws -> pid_t {
    let process = Running.start(words, .processOneWithFiles)
    guard process > 0 else { throw Failure("cannot start \(contestant.name)") }
    return process
  }

  private func switches(_ processes: [pid_t]) -> Double {
    processes.reduce(0) { $0 + ResourceUse($1).switches }
  }

  /// The memory that new processes could use, in kB. proc_meminfo(5)
  private static var available: Double {
    kilobytes("MemAvailable", in: contents(of: "/proc/meminfo"))
  }
}
