import Foundation
import Glibc
import TestSupport
import Testing

/// A program that does not reap its children, in a language that servers are written in.
private enum NegligentParent: String, CaseIterable, CustomTestStringConvertible {
  case ruby, python3

  var testDescription: String { rawValue }

  /// On each SIGUSR1 it leaves as many zombies as the next argument says, and prints how many there
  /// are in total.
  var script: String {
    switch self {
    // In Ruby 3.1, `wait2(-1, WNOHANG)` finds no child while another thread waits for a detached
    // one. A release of a web server reaped its workers that way.
    case .ruby:
      """
      Process.detach(spawn("sleep 1000"))
      requests = Queue.new
      trap("USR1") { requests << 1 }
      Thread.new do
        loop do
          Process.wait2(-1, Process::WNOHANG)
          sleep 0.01
        end
      end
      sleep 0.3
      puts "ready"
      $stdout.flush
      made = []
      ARGV.map(&:to_i).each do |count|
        requests.pop
        count.times { made << spawn("true") }
        sleep 0.01 until made.all? { |child| File.read("/proc/#{child}/stat").include?(") Z") }
        puts made.size
        $stdout.flush
      end
      sleep
      """
    case .python3:
      """
      import os, signal, sys, time
      signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
      print("ready", flush=True)
      made = []
      def is_zombie(child): return ") Z" in open(f"/proc/{child}/stat").read()
      for count in map(int, sys.argv[1:]):
        signal.sigwait([signal.SIGUSR1])
        for _ in range(count):
          child = os.fork()
          if child == 0: os._exit(0)
          made.append(child)
        while not all(map(is_zombie, made)): time.sleep(0.01)
        print(len(made), flush=True)
      signal.pause()
      """
    }
  }

  var need: Need { .program(rawValue, package: rawValue) }

  func command(in directory: TemporaryDirectory, _ counts: String...) throws -> [String] {
    [rawValue, try directory.file("script", script)] + counts
  }
}

@Suite("The zombie check", .mostlyWaits) struct ZombieCheckTests {
  private static let swinit = [Swinit.path, "--zombie-check", "200ms"]

  /// 5 zombies are fewer than twice 3, and 7 are more.
  @Test(
    "The zombie check names the parent of unreaped zombies once, and again when their number doubles",
    .needs([.program("ruby"), .program("python3")]), arguments: Place.available,
    NegligentParent.allCases)
  private func namesTheParent(at place: Place, _ program: NegligentParent) throws {
    let directory = try TemporaryDirectory()
    let command = try program.command(in: directory, "3", "2", "2")
    let run = try Run(place.wrapper + ZombieCheckTests.swinit + command)
    let parent = try ready(run)
    let process = "swinit: process \(place == .plain ? parent : 2) (\(program)) has"
    let words = "zombie children and is not reaping them; it must wait() for them"

    #expect(try makeZombies(run, parent) == "3")
    #expect(try run.errorLine() == "\(process) 3 \(words)")
    #expect(try makeZombies(run, parent) == "5")
    try waitForScans(of: run)
    #expect(try makeZombies(run, parent) == "7")
    #expect(try run.errorLine() == "\(process) 7 \(words)")
    try waitForScans(of: run)
    try check(kill(parent, SIGTERM))
    #expect(try run.outcome() == Outcome(ending: .exited(143)))
  }

  @Test("A single zombie is reported as a JSON object with its parent", .needs(.program("python3")))
  func jsonMessage() throws {
    let directory = try TemporaryDirectory()
    let command = try NegligentParent.python3.command(in: directory, "1")
    let run = try Run(ZombieCheckTests.swinit + ["--log-format=json"] + command)
    let parent = try ready(run)
    #expect(try makeZombies(run, parent) == "1")
    let line = try run.errorLine()
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["level"] as? String == "warning")
    #expect(object["event"] as? String == "zombies")
    #expect(object["pid"] as? Int == Int(parent))
    #expect(object["name"] as? String == "python3")
    #expect(object["zombie_count"] as? Int == 1)
  }

  @Test(
    "The zombie check does not report zombies that their parent reaps before the next scan",
    .needs(.program("python3")), arguments: Place.available)
  func reapedInTime(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let script = """
      import os, time
      for _ in range(85):
        child = os.fork()
        if child == 0: os._exit(0)
        time.sleep(0.1)
        os.waitpid(child, 0)
      """
    let command = ["python3", try directory.file("script", script)]
    let run = try Run(place.wrapper + [Swinit.path, "--zombie-check=4s"] + command)
    #expect(try run.outcome() == Outcome(ending: .exited(0)))
  }

  @Test(
    "The zombie check of a plain process covers its descendants and no other process",
    .needs(.program("python3")))
  func descendantsOnly() throws {
    let directory = try TemporaryDirectory()
    let command = try NegligentParent.python3.command(in: directory, "4")
    let unrelated = try Run(command)
    #expect(try unrelated.line() == "ready")
    let negligent = try #require(ProcessTable().children(of: unrelated.nest).first?.id)
    try check(kill(negligent, SIGUSR1))
    #expect(try unrelated.line() == "4")

    let run = try Run(ZombieCheckTests.swinit + command)
    let parent = try ready(run)
    try waitForScans(of: run)
    #expect(try makeZombies(run, parent) == "4")
    #expect(
      try run.errorLine().hasPrefix("swinit: process \(parent) (python3) has 4 zombie children "))
    try check(kill(parent, SIGTERM))
    #expect(try run.outcome() == Outcome(ending: .exited(143)))
  }

  @Test(
    "The zombie check of PID 1 covers all processes in its namespace, whoever started them",
    .needs([.root, .program("python3")]))
  func wholeNamespace() throws {
    let directory = try TemporaryDirectory()
    let run = try Run(
      Place.processOne.wrapper + ZombieCheckTests.swinit + ["sh", "-c", "echo ready; sleep 1000"])
    #expect(try run.line() == "ready")
    let enter = ["nsenter", "-t", "\(try run.swinit())", "-p", "-m", "--"]
    let neighbour = try Run(enter + NegligentParent.python3.command(in: directory, "4"))
    #expect(try neighbour.line() == "ready")
    let parent = try #require(
      ProcessTable().descendants(of: neighbour.nest).first { $0.name == "python3" }?.id)
    #expect(try makeZombies(run, parent, thatWritesTo: neighbour) == "4")
    let inside = try #require(status(of: parent, "NSpid")?.split(separator: "\t").last)
    #expect(
      try run.errorLine().hasPrefix("swinit: process \(inside) (python3) has 4 zombie children "))
  }

  /// Inside the namespace nobody could do anything about them, and their parent has no number.
  @Test(
    "The zombie check of PID 1 does not report zombies of a parent outside the namespace",
    .needs([.root, .program("python3")]))
  func parentOutside() throws {
    let directory = try TemporaryDirectory()
    let command = try NegligentParent.python3.command(in: directory, "1")
    let run = try Run(Place.processOne.wrapper + ZombieCheckTests.swinit + command)
    let parent = try ready(run)
    let enter = ["nsenter", "-t", "\(try run.swinit())", "-p", "--no-fork", "--"]
    let outside = try Run(enter + NegligentParent.python3.command(in: directory, "4"))
    #expect(try outside.line() == "ready")
    let negligent = try #require(
      ProcessTable().children(of: outside.nest).first { $0.name == "python3" }?.id)
    try check(kill(negligent, SIGUSR1))
    #expect(try outside.line() == "4")
    try waitForScans(of: run)
    #expect(try makeZombies(run, parent) == "1")
    let words = "has 1 zombie child and is not reaping it; it must wait() for it"
    #expect(try run.errorLine() == "swinit: process 2 (python3) \(words)")
    // The kernel keeps PID 1 until all processes of its namespace have been reaped.
    try check(kill(negligent, SIGKILL))
    try check(kill(parent, SIGTERM))
    #expect(try run.outcome() == Outcome(ending: .exited(143)))
  }

  /// Process IDs start again at the lowest after the highest was used.
  @Test(
    "The zombie check finds a zombie whose process ID is lower than its parent's",
    .needs([.root, .program("python3")]))
  func wrappedProcessIDs() throws {
    let directory = try TemporaryDirectory()
    let command = try NegligentParent.python3.command(in: directory, "2")
    let high = "echo 30000 >/proc/sys/kernel/ns_last_pid; \"$@\"; exit $?"
    let low = "echo 300 >/proc/sys/kernel/ns_last_pid; exec \"$@\""
    let run = try Run(
      Place.processOne.wrapper + ["sh", "-c", high, "sh"] + ZombieCheckTests.swinit
        + ["sh", "-c", low, "sh"] + command)
    let parent = try ready(run)
    #expect(try makeZombies(run, parent) == "2")
    #expect(
      try run.errorLine().hasPrefix("swinit: process 30002 (python3) has 2 zombie children "))
  }

  /// Waits until the program is ready, and gives its process ID.
  private func ready(_ run: Run) throws -> pid_t {
    #expect(try run.line() == "ready")
    return try run.command()
  }

  /// Makes the parent leave its next zombies, all between two scans, and gives the line that it
  /// prints.
  private func makeZombies(
    _ run: Run, _ parent: pid_t, thatWritesTo other: Run? = nil
  ) throws -> String {
    let swinit = try run.swinit()
    try check(kill(swinit, SIGSTOP))
    defer { kill(swinit, SIGCONT) }
    try run.wait(until: "swinit is stopped") { ProcessTable.Entry(swinit)?.state == "T" }
    try check(kill(parent, SIGUSR1))
    return try (other ?? run).line()
  }

  /// Waits until swinit has scanned at least twice: it wakes up for nothing else.
  private func waitForScans(of run: Run) throws {
    let swinit = try run.swinit()
    let before = try wakeUps(of: swinit)
    try run.wait(until: "swinit has scanned twice") { try wakeUps(of: swinit) >= before + 3 }
  }

  private func wakeUps(of process: pid_t) throws -> Int {
    try #require(status(of: process, "voluntary_ctxt_switches").flatMap { Int($0) })
  }
}
