import Foundation

/// Measures swinit beside other inits, beside a minimal init in C, and beside no init at all, and
/// prints one table and the goals that are reached.
///
/// `swift run -c release Benchmarks [--quick] [--write]`, as root; see `usage`.
@main
enum Benchmarks {
  static let usage = """
    usage: swift run -c release Benchmarks [--quick] [--write] [--chart] [SECTION...]

      --quick   few repetitions, to see whether it runs
      --write   put the numbers into .github/BENCHMARKS.md, and the chart beside it
      --chart   draw the chart into .build/benchmarks

    Sections: \(Section.allCases.map(\.rawValue).joined(separator: ", ")). Without any: all of them.
    SWINIT names the binary, .build-musl/release/swinit unless it is set; that is built first.
    """

  /// The measurements that can be selected.
  enum Section: String, CaseIterable {
    case size, start, instructions, idle, signals, reaping, shutdown, density
  }

  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ words: [String]) throws {
    var options = Set(words.filter { $0.hasPrefix("-") })
    let isQuick = options.remove("--quick") != nil
    let writes = options.remove("--write") != nil
    let charts = options.remove("--chart") != nil
    let named = words.filter { !$0.hasPrefix("-") }.map { Section(rawValue: $0) }
    guard options.isEmpty, !named.contains(nil) else { throw Failure(usage) }
    let sections = named.isEmpty ? Section.allCases : named.compactMap { $0 }
    if writes && (isQuick || sections.count < Section.allCases.count) {
      throw Failure("only the whole is written down: --write goes with nothing else")
    }
    guard geteuid() == 0 else { throw Failure("the inits are run as PID 1: that takes root") }

    if writes { try BenchmarkPage.check() }
    let programs = try Programs()
    let table = try measure(sections, programs, isQuick: isQuick)
    print(table.text)
    print(Machine.description)
    let goals = Goal.all(in: table)
    print("\nGoals:\n" + goals.map(\.description).joined(separator: "\n"))
    if charts { try Chart.draw(table, into: Programs.directory.path) }
    if writes { try BenchmarkPage.write(table) }
    if goals.contains(where: { !$0.isReached }) && !isQuick { exit(1) }
  }

  private static func measure(
    _ sections: [Section], _ programs: Programs, isQuick: Bool
  ) throws -> Table {
    var table = Table(contestants: programs.contestants)
    for section in sections {
      FileHandle.standardError.write(Data("measuring \(section.rawValue)\n".utf8))
      switch section {
      case .size: try Size.measure(programs, into: &table)
      case .start: try Start(repetitions: isQuick ? 200 : 4000).measure(programs, into: &table)
      case .instructions: try Instructions.measure(programs, into: &table)
      case .idle:
        try Idle(starts: isQuick ? 3 : 15, seconds: isQuick ? 1 : 10)
          .measure(programs, into: &table)
      case .signals:
        try Signals(rounds: isQuick ? 2 : 25, of: isQuick ? 100 : 1000, groups: isQuick ? 5 : 100)
          .measure(programs, into: &table)
      case .reaping:
        let counts = [(1_000, 75, 5), (10_000, 45, 3), (100_000, 5, 1)]
        try Reaping(rounds: isQuick ? [(1_000, 2, 2)] : counts).measure(programs, into: &table)
      case .shutdown:
        let counts = [(1, 50), (100, 20), (5_000, 5)]
        try Shutdown(rounds: isQuick ? [(1, 2), (100, 2)] : counts)
          .measure(programs, into: &table)
      case .density:
        try Density(
          containers: isQuick ? 20 : 1_000, seconds: isQuick ? 1 : 60, starts: isQuick ? 5 : 200
        ).measure(programs, into: &table)
      }
    }
    return table
  }
}

/// The reason why the benchmarks cannot continue.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
