import Foundation
import Glibc
import TestSupport
import Testing

/// A place with a memory limit.
enum Confinement: String, CaseIterable, CustomTestStringConvertible {
  case namespaced = "a container with a cgroup namespace"
  case container = "a container without one"
  case group = "a control group"

  var testDescription: String { rawValue }

  /// Runs swinit there and passes the run to `body`. A container sees `directory` as `/log`.
  func run(
    _ arguments: [String], directory: TemporaryDirectory, _ body: (Run) throws -> Void
  ) throws {
    switch self {
    case .group:
      try ControlGroup.withGroup { group in
        try body(Run(group.wrapper + [Swinit.path] + arguments))
      }
    case .container, .namespaced:
      let runc = Runc(hasCgroupNamespace: self == .namespaced)
      try runc.run(arguments, directory: directory, body)
    }
  }

  /// The path that a file of `directory` has there.
  func path(of name: String, in directory: TemporaryDirectory) -> String {
    self == .group ? directory(name) : "/log/" + name
  }
}

/// The counter is `memory.oom_control` or `memory.events`, whichever this machine has.
@Suite("Out-of-memory kills", .mostlyWaits) struct OutOfMemoryTests {
  @Test(
    "An out-of-memory kill of an adopted worker is reported with its name, the limit and the peak",
    .needs(Runc.needs), arguments: Confinement.allCases)
  func worker(in confinement: Confinement) throws {
    let outcome = try outcome(in: confinement) { allocator in
      ["sh", "-c", "\(allocator.start); echo $pid; \(allocator.allocate); exit 3"]
    }
    let worker = outcome.output.dropLast()
    #expect(outcome.ending == .exited(3))
    let memory = /; limit 32 MiB, peak 3[12](\.\d)? MiB\n/
    let lines = outcome.errors.replacing(memory, with: "", maxReplacements: 1)
    #expect(lines == "swinit: out of memory: the kernel killed process \(worker) (dd)")
  }

  @Test(
    "An out-of-memory kill is reported as a JSON object with name, limit and peak",
    .needs(Runc.needs))
  func jsonMessage() throws {
    let outcome = try outcome(in: .namespaced) { allocator in
      ["--log-format=json", "sh", "-c", "\(allocator.start); \(allocator.allocate); exit 3"]
    }
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.errors.utf8)) as? [String: Any])
    #expect(object["level"] as? String == "warning")
    #expect(object["event"] as? String == "out_of_memory")
    #expect(object["name"] as? String == "dd")
    #expect(object["limit_bytes"] as? Int == ControlGroup.limit)
    #expect((object["peak_bytes"] as? Int).map { (31 << 20)...ControlGroup.limit ~= $0 } == true)
  }

  @Test(
    "An out-of-memory kill of the command shows in the status, a warning and the termination log",
    .needs(Runc.needs), arguments: Confinement.allCases)
  func command(in confinement: Confinement) throws {
    let directory = try TemporaryDirectory()
    let log = confinement.path(of: "log", in: directory)
    let script = "\(untilCountIsRead); exec dd \(allocation.joined(separator: " "))"
    let command = ["--termination-log=\(log)", "--", "sh", "-c", script]
    try confinement.run(command, directory: directory) { run in
      let outcome = try run.outcome()
      #expect(outcome.ending == .exited(137))
      #expect(outcome.errors.count { $0 == "\n" } == 1)
      #expect(
        outcome.errors.starts(
          with: /swinit: out of memory: the kernel killed process \d+ \(dd\); limit 32 MiB,/)
      )
    }
    let report = try #require(contents(of: directory("log")))
    #expect(
      report.starts(with: /'sh' \(process \d+\) was killed by SIGKILL, out of memory, after\s/))
  }

  @Test(
    "A child that a process killed is not attributed to the OOM killer, before an OOM kill or after",
    .needs(Runc.needs), arguments: Confinement.allCases)
  func killByProcess(in confinement: Confinement) throws {
    let outcome = try outcome(in: confinement) { allocator in
      let script = """
        exec 2>/dev/null
        \(killOrphan); \(untilReaped)
        \(allocator.start); \(allocator.allocate)
        \(killOrphan); \(untilReaped)
        exit 3
        """
      return ["sh", "-c", script]
    }
    #expect(outcome.ending == .exited(3))
    let lines = outcome.errors.split(separator: "\n").map {
      String($0.replacing(/process \d+/, with: "process N").replacing(/;.*/, with: ""))
    }
    let kill = "swinit: process N (sleep) was killed by SIGKILL, which swinit did not send"
    let end = "swinit: out of memory: the kernel killed process N (dd)"
    #expect(lines == [kill, end, kill])
  }

  @Test(
    "A command that a process killed is not attributed to the OOM killer",
    arguments: Place.available)
  func killedCommand(at place: Place) throws {
    let run = try Run.swinit("sh", "-c", "echo $$; exec sleep 1000", at: place)
    let command = try run.line()
    try run.wait(until: "the command has become sleep") {
      try ProcessTable.Entry(run.command())?.name == "sleep"
    }
    // By then swinit has read the memory counter for the first time.
    let swinit = try run.swinit()
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    try check(kill(run.command(), SIGKILL))
    var outcome = try run.outcome()
    outcome.errors = outcome.errors.withoutEarlierKills
    let errors =
      "swinit: process \(command) (sleep) was killed by SIGKILL, which swinit did not send\n"
    #expect(outcome == Outcome(ending: .exited(137), errors: errors))
  }

  /// Its SIGCHLD merged with that of the child that exited, so swinit learns of the kill too
  /// late to read the first name.
  @Test(
    "Of children killed together with one that exited before them, all but the first are named",
    arguments: Place.available)
  func mergedSignals(at place: Place) throws {
    let directory = try TemporaryDirectory()
    let exits = "(until [ -e \(directory("go")) ]; do sleep 0.01; done &)"
    let run = try Run.swinit(
      "sh", "-c", "(sleep 1000 &); (sleep 1000 &); \(exits); exec tail -f /dev/null", at: place)
    let swinit = try run.swinit()
    let children = try run.wait(for: "all orphans") { () -> [ProcessTable.Entry]? in
      let children = ProcessTable().children(of: swinit)
      return children.map(\.name).sorted() == ["sh", "sleep", "sleep", "tail"] ? children : nil
    }
    let exiting = try #require(children.first { $0.name == "sh" })
    try check(kill(swinit, SIGSTOP))
    try directory.file("go", "")
    try run.wait(until: "one has exited") { state(of: exiting.id) == "Z" }
    for killed in children where killed.name == "sleep" {
      try check(kill(killed.id, SIGKILL))
      try run.wait(until: "another was killed") { state(of: killed.id) == "Z" }
    }
    try check(kill(swinit, SIGCONT))
    let lines = [try run.errorLine(), try run.errorLine()].map(\.withoutEarlierKills)
    let message =
      /swinit: process \d+( \(sleep\))? was killed by SIGKILL, which swinit did not send/
    let names = try lines.map { try #require($0.wholeMatch(of: message), "\($0)").output.1 }
    #expect(names == [nil, " (sleep)"])
  }

  @Test("A killed child whose own SIGCHLD is received is named")
  func ownSignal() throws {
    let run = try Run.swinit("sh", "-c", "(sleep 1000 &); exec tail -f /dev/null", at: .plain)
    let swinit = try run.swinit()
    let orphan = try run.wait(for: "the orphan") {
      ProcessTable().children(of: swinit).first { $0.name == "sleep" }
    }
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    try check(kill(orphan.id, SIGKILL))
    #expect(
      try run.errorLine().withoutEarlierKills
        == "swinit: process \(orphan.id) (sleep) was killed by SIGKILL, which swinit did not send")
  }

  @Test(
    "A SIGKILL that swinit sent itself is not reported as a kill", arguments: Place.available,
    [["-k100ms"], ["-ck1ms"], ["-r", "TERM:KILL"]])
  func ownKill(at place: Place, _ options: [String]) throws {
    let script = "trap '' TERM; (sleep 1000 & sleep 1000 &); echo ready; while :; do sleep 1; done"
    let run = try Run(place.wrapper + [Swinit.path] + options + ["sh", "-c", script])
    #expect(try run.line() == "ready")
    try run.signal(SIGTERM)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(137))
    // The warning that the grace period has expired is the only line, if there is a grace period.
    // On a busy machine, some may not have exited 2 s after SIGKILL.
    let lines = outcome.errors.split(separator: "\n").filter {
      !$0.contains(" has not exited after SIGKILL")
    }
    #expect(lines.count == (options == ["-r", "TERM:KILL"] ? 0 : 1))
    #expect(lines.allSatisfy { $0.hasPrefix("swinit: grace period (") })
  }

  @Test(
    "A descendant that swinit's own SIGTERM kills, rewritten to SIGKILL, is not reported as a kill",
    arguments: Place.available)
  func ownRewrittenKill(at place: Place) throws {
    let run = try Run.swinit(
      "-k1h", "-r", "TERM:KILL", "sh", "-c", "setsid sleep 1000 & exit 5", at: place)
    #expect(try run.outcome() == Outcome(ending: .exited(5)))
  }

  /// The cgroup's own limit, far from reached, is not the one to raise.
  @Test(
    "The reported limit is that of the parent cgroup when the parent ran out of memory",
    .needs(ControlGroup.need))
  func limitOfParent() throws {
    let directory = try TemporaryDirectory()
    let allocator = try allocator(in: .group, directory)
    try ControlGroup.withGroup(limit: 20 << 20) { parent in
      try ControlGroup.withGroup(limit: 1 << 30, in: parent) { group in
        let outcome = try Run(
          group.wrapper + [
            Swinit.path, "sh", "-c", "\(allocator.start); \(allocator.allocate); exit 3",
          ]
        ).outcome()
        #expect(outcome.ending == .exited(3))
        #expect(
          outcome.errors.wholeMatch(
            of:
              /swinit: out of memory: the kernel killed process \d+ \(dd\); limit 20 MiB, peak (19|20)(\.\d)? MiB\n/
          ) != nil, "\(outcome.errors)")
      }
    }
  }

  @Test(
    "No limit is reported when the cgroup that ran out of memory is not visible",
    .needs(Runc.needs + [ControlGroup.need]),
    // In a container without a cgroup namespace, runc mounts the whole hierarchy of cgroup v2.
    arguments: ControlGroup.isUnified ? [true] : [true, false])
  func hiddenLimit(hasCgroupNamespace: Bool) throws {
    let directory = try TemporaryDirectory()
    let allocator = try allocator(in: .container, directory)
    try ControlGroup.withGroup(limit: 20 << 20) { parent in
      let runc = Runc(hasCgroupNamespace: hasCgroupNamespace, limit: 1 << 30, parent: parent)
      try runc.run(
        ["sh", "-c", "\(allocator.start); \(allocator.allocate); exit 3"], directory: directory
      ) {
        run in
        let outcome = try run.outcome()
        #expect(outcome.ending == .exited(3))
        #expect(
          outcome.errors.wholeMatch(
            of: /swinit: out of memory: the kernel killed process \d+ \(dd\)\n/) != nil,
          "\(outcome.errors)")
      }
    }
  }

  @Test(
    "An out-of-memory kill is attributed in a cgroup whose name has a space and a backslash",
    .needs(Runc.needs),
    arguments: [true, false])
  func escapedName(hasCgroupNamespace: Bool) throws {
    let directory = try TemporaryDirectory()
    let allocator = try allocator(in: .container, directory)
    let runc = Runc(hasCgroupNamespace: hasCgroupNamespace, suffix: " a\\b")
    try runc.run(
      ["sh", "-c", "\(allocator.start); \(allocator.allocate); exit 3"], directory: directory
    ) {
      run in
      let outcome = try run.outcome()
      #expect(outcome.ending == .exited(3))
      #expect(
        outcome.errors.starts(
          with: /swinit: out of memory: the kernel killed process \d+ \(dd\); limit 32 MiB/),
        "\(outcome.errors)")
    }
  }

  private func outcome(
    in confinement: Confinement, _ arguments: (Allocator) -> [String]
  ) throws -> Outcome {
    let directory = try TemporaryDirectory()
    let allocator = try allocator(in: confinement, directory)
    var outcome = Outcome(ending: .exited(0))
    try confinement.run(arguments(allocator), directory: directory) { outcome = try $0.outcome() }
    return outcome
  }

  private func allocator(in confinement: Confinement, _ directory: TemporaryDirectory) throws
    -> Allocator
  {
    for name in ["gate", "exit"] { try check(unsafe mkfifo(directory(name), 0o600)) }
    let (gate, exit) = (
      confinement.path(of: "gate", in: directory), confinement.path(of: "exit", in: directory)
    )
    let dd = "exec dd \(allocation.joined(separator: " ")) >\(exit) 2>&1"
    return Allocator(
      start: "exec 2>/dev/null; pid=$(sh -c 'read go <\(gate); \(dd)' >/dev/null & echo $!)",
      allocate: "\(untilCountIsRead); echo go >\(gate); read nothing <\(exit); \(untilReaped)")
  }

  /// Parts of a shell script about an orphan that allocates more memory than the limit. If a
  /// process allocated memory while the orphan dies, the kernel could choose it as another victim.
  /// So the shell waits in one system call until the orphan has closed a pipe, which it does after
  /// it has freed its memory, and has opened all its files before.
  private struct Allocator {
    /// Starts the orphan and sets `$pid` to its process ID.
    let start: String
    /// Makes the orphan allocate, and waits until it is reaped.
    let allocate: String
  }

  private let allocation = ["if=/dev/zero", "of=/dev/null", "bs=200M", "count=1"]

  /// Waits until swinit has read the count of kills for the first time: no kill before that can be
  /// attributed. Then it waits without a time; see proc_pid_syscall(5) and `waitsIndefinitely`.
  private let untilCountIsRead = """
    until read number first second third rest </proc/$PPID/syscall &&
      case "$second $third" in '0x3 '*ffffffff | *' 0x0') ;; *) false ;; esac; do :; done
    """

  /// Kills an orphan while swinit waits: a sweep that is under way would reap it without its name.
  private let killOrphan = """
    pid=$(sleep 1000 >/dev/null 2>&1 & echo $!)
    while read name </proc/$pid/comm && [ "$name" != sleep ]; do sleep 0.02; done
    until grep -q '^State:.S' /proc/$PPID/status; do sleep 0.02; done
    kill -9 $pid
    """

  private let untilReaped = "while kill -0 $pid; do :; done"
}
