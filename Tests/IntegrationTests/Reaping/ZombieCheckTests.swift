import Foundation
import Glibc
import TestSupport
import Testing

/// A program that doesn't reap its children, in a language that people write servers in.
private enum Neglect: String, CaseIterable, CustomTestStringConvertible {
  case ruby, python3

  var testDescription: String { rawValue }

  /// Each USR1 makes it leave as many zombies as the next argument says. When they are zombies, it
  /// says how many there are by now.
  var script: String {
    switch self {
    // In Ruby 3.1, `wait2(-1, WNOHANG)` finds nobody while another thread waits for a child that
    // was detached. A web server that was released reaped its workers like that.
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

@Suite struct ZombieCheckTests {
  private static let swinit = [Swinit.path, "--zombie-check", "200ms"]

  /// The parent is named once, and again when it has left twice as many: not at 5, but at 7.
  @Test(
    .needs([.program("ruby"), .program("python3")]), arguments: Place.available, Neglect.allCases)
  private func namesTheParent(at place: Place, _ neglect: Neglect) throws {
    let directory = try TemporaryDirectory()
    let command = try neglect.command(in: directory, "3", "2", "2")
    let run = try Run(place.wrapper + ZombieCheckTests.swinit + command)
    let parent = try ready(run)
    let words =
      "zombies are left by process \(place == .plain ? parent : 2) (\(neglect)), which must reap "
      + "what it spawns: look there for a missing wait"

    #expect(try makeZombies(run, parent) == "3")
    #expect(try run.errorLine() == "swinit: 3 \(words)")
    #expect(try makeZombies(run, parent) == "5")
    try waitForLooks(of: run)
    #expect(try makeZombies(run, parent) == "7")
    #expect(try run.errorLine() == "swinit: 7 \(words)")
    try waitForLooks(of: run)
    try check(kill(parent, SIGTERM))
    #expect(try run.outcome() == Outcome(ending: .exited(143)))
  }

  /// One zombie is told of as one, and as a JSON object.
  @Test(.needs(.program("python3"))) func isAnObject() throws {
    let directory = try TemporaryDirectory()
    let command = try Neglect.python3.command(in: directory, "1")
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
    #expect(object["count"] as? Int == 1)
  }

  /// Nothing is said about zombies that are reaped a little later: well before the next look, on a
  /// busy machine too.
  @Test(.needs(.program("python3")), arguments: Place.available)
  func keepsQuietAboutOthers(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let script = """
      import os, time
      for _ in range(45):
        child = os.fork()
        if child == 0: os._exit(0)
        time.sleep(0.1)
        os.waitpid(child, 0)
      """
    let command = ["python3", try directory.file("script", script)]
    let run = try Run(place.wrapper + [Swinit.path, "--zombie-check=2s"] + command)
    #expect(try run.outcome() == Outcome(ending: .exited(0)))
  }

  /// A plain process looks at its descendants, and at nobody else.
  @Test(.needs(.program("python3"))) func keepsToTheDescendants() throws {
    let directory = try TemporaryDirectory()
    let command = try Neglect.python3.command(in: directory, "4")
    let stranger = try Run(command)
    #expect(try stranger.line() == "ready")
    let strangers = try #require(ProcessTable().children(of: stranger.nest).first?.id)
    try check(kill(strangers, SIGUSR1))
    #expect(try stranger.line() == "4")

    let run = try Run(ZombieCheckTests.swinit + command)
    let parent = try ready(run)
    try waitForLooks(of: run)
    #expect(try makeZombies(run, parent) == "4")
    #expect(try run.errorLine().hasPrefix("swinit: 4 zombies are left by process \(parent) "))
    try check(kill(parent, SIGTERM))
    #expect(try run.outcome() == Outcome(ending: .exited(143)))
  }

  /// PID 1 looks at everybody in its namespace, such as what an engine has put there beside it.
  @Test(.needs([.root, .program("python3")])) func looksAtNeighbours() throws {
    let directory = try TemporaryDirectory()
    let run = try Run(
      Place.processOne.wrapper + ZombieCheckTests.swinit + ["sh", "-c", "echo ready; sleep 1000"])
    #expect(try run.line() == "ready")
    let enter = ["nsenter", "-t", "\(try run.swinit())", "-p", "-m", "--"]
    let neighbour = try Run(enter + Neglect.python3.command(in: directory, "4"))
    #expect(try neighbour.line() == "ready")
    let parent = try #require(
      ProcessTable().descendants(of: neighbour.nest).first { $0.name == "python3" }?.id)
    try check(kill(parent, SIGUSR1))
    #expect(try neighbour.line() == "4")
    let inside = try #require(status(of: parent, "NSpid")?.split(separator: "\t").last)
    #expect(
      try run.errorLine().hasPrefix("swinit: 4 zombies are left by process \(inside) (python3), "))
  }

  /// Numbers of processes begin again at the lowest when they have come to the highest: a zombie
  /// may have a lower one than its parent.
  @Test(.needs([.root, .program("python3")])) func findsLowerNumbers() throws {
    let directory = try TemporaryDirectory()
    let command = try Neglect.python3.command(in: directory, "2")
    let high = "echo 30000 >/proc/sys/kernel/ns_last_pid; \"$@\"; exit $?"
    let low = "echo 300 >/proc/sys/kernel/ns_last_pid; exec \"$@\""
    let run = try Run(
      Place.processOne.wrapper + ["sh", "-c", high, "sh"] + ZombieCheckTests.swinit
        + ["sh", "-c", low, "sh"] + command)
    let parent = try ready(run)
    #expect(try makeZombies(run, parent) == "2")
    #expect(
      try run.errorLine().hasPrefix("swinit: 2 zombies are left by process 30002 (python3), "))
  }

  /// The parent, when it is.
  private func ready(_ run: Run) throws -> pid_t {
    #expect(try run.line() == "ready")
    return try run.command()
  }

  /// Has the parent make its next zombies, all between two looks; gives what it says.
  private func makeZombies(_ run: Run, _ parent: pid_t) throws -> String {
    let swinit = try run.swinit()
    try check(kill(swinit, SIGSTOP))
    defer { kill(swinit, SIGCONT) }
    try check(kill(parent, SIGUSR1))
    return try run.line()
  }

  /// Waits until swinit has looked at least twice: it wakes up for nothing else.
  private func waitForLooks(of run: Run) throws {
    let swinit = try run.swinit()
    let before = try wakeUps(of: swinit)
    try run.wait(until: "swinit has looked twice") { try wakeUps(of: swinit) >= before + 3 }
  }

  private func wakeUps(of process: pid_t) throws -> Int {
    try #require(status(of: process, "voluntary_ctxt_switches").flatMap { Int($0) })
  }
}
