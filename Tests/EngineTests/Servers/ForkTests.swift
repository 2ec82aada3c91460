import Foundation
import TestSupport
import Testing

extension EngineTests.Servers {
  /// A container supervisor such as Falcon's keeps forks running and reaps them itself.
  @Suite("A Ruby supervisor whose forks run out of memory") struct ForkTests {
    @Test(
      "A Ruby supervisor as PID 1 only learns that its forks died of SIGKILL",
      .needs(Supervisor.needs))
    func withoutInit() throws {
      try Supervisor.run(.itself, startingWith: []) { run, kills, workers in
        let outcome = try run.outcome()
        #expect(kills == workers.count)
        #expect(!outcome.errors.lowercased().contains("memory"))
      }
    }

    @Test(
      "Each out-of-memory kill is reported with PID, name and limit when each fork becomes swinit",
      .needs(Supervisor.needs))
    func underSwinit() throws {
      let launcher = ["/swinit", "--log-format=json", "--"]
      try Supervisor.run(.swinit, startingWith: launcher) { run, kills, workers in
        let lines = try run.outcome().errors.split(separator: "\n")
        let objects = try lines.map { line in
          try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(objects.count == kills)
        #expect(objects.allSatisfy { $0["event"] as? String == "out_of_memory" })
        #expect(objects.compactMap { $0["pid"] as? Int }.sorted() == workers)
        #expect(objects.allSatisfy { $0["name"] as? String == "ruby" })
        #expect(objects.allSatisfy { $0["limit_bytes"] as? Int == Supervisor.limit })
      }
    }
  }
}

/// The supervisor in a container with a memory limit.
private enum Supervisor {
  static let needs =
    Runc.needs + [
      .program("ruby"),
      .file("/var/lib/dpkg/info/ruby-async.list", package: "ruby-async"),
    ]

  /// In bytes.
  static let limit = 160 << 20
  private static let (places, turns) = (2, 2)

  /// Runs the supervisor until each worker has died; passes the run, the kernel's count of kills
  /// and the sorted process IDs of the workers to `body`.
  static func run(
    _ first: FirstProcess, startingWith launcher: [String],
    _ body: (Run, _ kills: Int, _ workers: [Int]) throws -> Void
  ) throws {
    let directory = try TemporaryDirectory()
    try directory.file("supervisor.rb", supervisor)
    try directory.file("worker.rb", worker)
    let container = Runc(
      hasCgroupNamespace: true, limit: limit, hasInit: first == .swinit)
    let options = first == .swinit ? ["--log-format=json", "--"] : []
    let command =
      ["ruby", "/log/supervisor.rb", "\(places)", "\(turns)"] + launcher
      + ["ruby", "/log/worker.rb"]
    try container.run(options + command, directory: directory) { run in
      var lines: [String] = []
      while lines.last != "all are done" { lines.append(try run.line()) }
      let workers = lines.compactMap { $0.wholeMatch(of: /worker (\d+)/).flatMap { Int($0.1) } }
      #expect(workers.count == places * turns)
      #expect(
        lines.count { $0.hasSuffix(launcher.isEmpty ? "SIGKILL (signal 9)" : "exit 137") }
          == workers.count)
      let kills = try OutOfMemoryCounter(of: run.process(named: "ruby")).value()
      try run.signalFirstProcess(SIGTERM)
      try body(run, kills, workers.sorted())
    }
  }

  private static let supervisor = """
    require "async"

    $stdout.sync = true
    places, turns, *command = ARGV
    Async do |all|
      places.to_i.times do
        all.async do
          turns.to_i.times do
            worker = fork { exec(*command) }
            puts "fork #{Process::Status.wait(worker)}"
          end
        end
      end
    end
    puts "all are done"
    sleep
    """

  /// The kernel kills it rather than the supervisor, however large that is.
  private static let worker = """
    File.write("/proc/self/oom_score_adj", "1000")
    puts "worker #{Process.pid}"
    $stdout.flush
    hoard = []
    loop { hoard << "x" * 1_000_000 }
    """
}
