import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The list of processes (--ps)", .mostlyWaits) struct ProcessListingTests {
  /// A stopped process and a zombie, which a shell waits for.
  private static let family = """
    until_in() { until grep -qs "$1" "$2"; do sleep 0.01; done; }
    sleep 1000 & stopped=$!
    until_in sleep /proc/$stopped/comm
    kill -STOP $stopped
    # A shell would reap its child. This one exits when the shell has become another program.
    sh -c '(until grep -qs sleep /proc/$$/comm; do sleep 0.01; done) &
      echo $! >zombie; exec sleep 1001' &
    until_in sleep /proc/$!/comm
    until_in '^State:.S' /proc/$!/status
    until_in '^State:.Z' /proc/$(cat zombie)/status
    until_in '^State:.T' /proc/$stopped/status
    """

  private func output(
    of words: String, directory: TemporaryDirectory, environment: [String] = []
  ) throws -> Outcome {
    let script = "cd '\(directory.path)'\n\(Self.family)\n\"$0\" \(words); echo $?"
    return try Run(
      Place.processOne.wrapper + [Swinit.path, "-v", "--", "sh", "-c", script, Swinit.path],
      environment: ["PATH=\(searchPath)"] + environment
    ).outcome()
  }

  @Test(
    "Beside swinit as PID 1, all processes but the one that lists them are shown as a tree with totals",
    .needs(.namespaces))
  func tree() throws {
    let outcome = try output(of: "--ps", directory: TemporaryDirectory())
    let lines = outcome.output.split(separator: "\n").map(String.init)
    try #require(lines.count >= 8, "\(outcome)")
    #expect(lines[0] == "    PID    PPID S  THR   RSS     ELAPSED COMMAND")
    let rows = lines[1..<6].map { Row($0) }
    #expect(rows[0].number == 1 && rows[0].parent == 0)
    #expect(rows[0].command.hasPrefix(String("\(Swinit.path) -v -- sh".prefix(39))))
    #expect(rows[1].parent == 1 && rows[1].command.hasPrefix("\\_ sh -c cd "))
    #expect(rows[2].parent == rows[1].number)
    #expect(rows[2].state == "T" && rows[2].command == "  \\_ STOPPED sleep 1000")
    #expect(rows[3].parent == rows[1].number && rows[3].command == "  \\_ sleep 1001")
    #expect(rows[4].parent == rows[3].number)
    #expect(rows[4].state == "Z" && rows[4].command == "    \\_ ZOMBIE [sh]")
    #expect(
      lines[6].starts(
        with: /processes: 5, threads: \d+, zombies: 1, stopped: 1, resident memory: \d+[KM]/))
    #expect(lines.last == "0")
    for line in lines { #expect(line.utf8.count <= 80) }
    #expect(!outcome.errors.contains("usage"))
  }

  private struct Row {
    let number: Int?
    let parent: Int?
    let state: Substring
    let command: String

    init(_ line: String) {
      let words = line.split(separator: " ")
      number = Int(words[0])
      parent = Int(words[1])
      state = words[2]
      command = String(line.dropFirst(41))
    }
  }

  @Test(
    "In JSON, the list is an array that Foundation and Python read",
    .needs([.namespaces, .program("python3")]),
    arguments: ["--log-format json --ps", "--ps --log-format=json"])
  func json(words: String) throws {
    let directory = try TemporaryDirectory()
    let outcome = try output(of: words + " >list", directory: directory)
    #expect(outcome.output == "0\n")
    let bytes = try #require(FileManager.default.contents(atPath: directory("list")))
    let list = try #require(
      JSONSerialization.jsonObject(with: bytes) as? [[String: Any]], "\(outcome)")
    #expect(list.count == 5)
    #expect(
      list.map { $0["name"] as? String ?? "" }.dropFirst() == ["sh", "sleep", "sleep", "sh"])
    #expect(list.map { $0["state"] as? String ?? "" }.suffix(3) == ["T", "S", "Z"])
    #expect(list[0]["pid"] as? Int == 1)
    #expect(list[2]["command"] as? String == "sleep 1000")
    #expect(list[3]["command"] as? String == "sleep 1001")
    #expect(list[4]["command"] == nil)
    #expect(list[4]["ppid"] as? Int == list[3]["pid"] as? Int)
    for process in list.dropLast() {
      #expect((process["resident_bytes"] as? Int ?? 0) > 0)
      #expect((process["elapsed_ms"] as? Int ?? -1) >= 0)
    }
    let python = try Run(["python3", "-m", "json.tool", directory("list")]).outcome()
    #expect(python.ending == .exited(0), "\(python)")
  }

  @Test("The list ignores the options in the environment, even malformed ones", .needs(.namespaces))
  func environment() throws {
    let outcome = try Run(
      Place.processOne.wrapper + [Swinit.path, "--ps"],
      environment: ["SWINIT_LOG_FORMAT=json", "SWINIT_KILL_AFTER=soon", "SWINIT_VERBOSITY=2"]
    ).outcome()
    // As PID 1 it is itself the only process.
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output.hasPrefix("    PID "))
    #expect(outcome.output.contains("\nprocesses: 0, threads: 0, zombies: 0,"))
    #expect(outcome.errors == "")
  }

  @Test("Outside of a container, the list has this process below its own parent")
  func plainProcess() throws {
    let outcome = try Run([Swinit.path, "--ps"]).outcome()
    #expect(outcome.ending == .exited(0))
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    let own = try #require(rows.first { $0.first == "\(getpid())" })
    #expect(own[1] == "\(getppid())")
  }

  @Test(
    "A command or an unknown option beside --ps is refused in one line, and nothing is listed",
    arguments: [["--ps", "true"], ["--ps", "--", "true"], ["--ps", "--nonsense"], ["--ps=1"]])
  func refusals(arguments: [String]) throws {
    let outcome = try Run([Swinit.path] + arguments).outcome()
    #expect(outcome.ending == .exited(125))
    #expect(outcome.output == "")
    #expect(outcome.errors.count { $0 == "\n" } == 1)
    #expect(outcome.errors.contains(arguments.last?.prefix { $0 != "=" } ?? ""))
  }

  @Test("Among the arguments of the command, --ps is the command's own")
  func argumentOfCommand() throws {
    let outcome = try Run([Swinit.path, "echo", "--ps"]).outcome()
    #expect(outcome == Outcome(ending: .exited(0), output: "--ps\n"))
    #expect(try Run([Swinit.path, "--", "--ps"]).ending() == .exited(127))
  }

  @Test(
    "Without /proc, the list fails with status 125 and says so",
    .needs([.root, .namespaces]), arguments: ["mount -t tmpfs none /proc", "umount -l /proc"])
  func missingProc(hide: String) throws {
    let outcome = try Run(
      ["unshare", "-m", "sh", "-c", "\(hide) && exec \"$0\" --ps", Swinit.path]
    ).outcome()
    #expect(
      outcome
        == Outcome(
          ending: .exited(125),
          errors:
            "swinit: cannot list the processes in /proc: it is not mounted, or cannot be read\n"))
  }

  @Test(
    "Where /proc is that of another PID namespace, what it shows is listed",
    .needs([.root, .namespaces]))
  func foreignProc() throws {
    // Another test may list processes at the same time: this one has a name of its own.
    let directory = try TemporaryDirectory()
    let name = "list\(getpid())"
    try FileManager.default.createSymbolicLink(
      atPath: directory(name), withDestinationPath: Swinit.path)
    let outcome = try Run(
      ["unshare", "-fp", "--kill-child", directory(name), "--log-format=json", "--ps"]
    ).outcome()
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output.contains("\"pid\":\(getpid()),"))
    let command = "\(directory(name)) --log-format=json --ps\""
    // That of unshare, which waits for it.
    #expect(outcome.output.contains("unshare -fp --kill-child \(command)"))
    #expect(!outcome.output.contains("\"\(command)"))
  }

  @Test("A full disk gives a message and status 125", arguments: ["--ps", "--help", "--version"])
  func fullDisk(option: String) throws {
    let outcome = try Run(["sh", "-c", "\"$0\" \(option) >/dev/full", Swinit.path]).outcome()
    let message = "swinit: cannot write to standard output: No space left on device\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: message))
  }

  @Test(
    "With --log-format=json, a failure to list or to print is an object with its error",
    arguments: [
      ("exec >/dev/full", "--ps", "cannot_print", 28),
      ("exec >/dev/full", "--version", "cannot_print", 28),
      // Its fourth descriptor is /proc; a fifth would be the file of a process.
      ("exec >/dev/null; ulimit -n 4", "--ps", "cannot_list_processes", 24),
    ])
  func failures(preparation: String, option: String, event: String, error: Int) throws {
    let outcome = try Run(
      ["sh", "-c", "\(preparation); exec \"$0\" --log-format=json \(option)", Swinit.path]
    ).outcome()
    #expect(outcome.ending == .exited(125))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.errors.utf8)) as? [String: Any])
    #expect(object["event"] as? String == event)
    #expect(object["level"] as? String == "error")
    #expect(object["errno"] as? Int == error)
  }

  @Test("When descriptors run out, the list blames them, not /proc")
  func noDescriptors() throws {
    let script = "ulimit -n 4; exec \"$0\" --ps"
    let outcome = try Run(["sh", "-c", script, Swinit.path]).outcome()
    #expect(
      outcome
        == Outcome(
          ending: .exited(125),
          errors: "swinit: cannot list the processes in /proc: Too many open files\n"))
  }

  @Test(
    "A pipe that no process reads kills the list by SIGPIPE, or gives a message if that is ignored",
    arguments: [true, false])
  func closedPipe(isIgnored: Bool) throws {
    let directory = try TemporaryDirectory()
    let script = """
      mkfifo '\(directory("pipe"))'
      exec 3<>'\(directory("pipe"))'
      exec 4>'\(directory("pipe"))' 3<&-
      \(isIgnored ? "trap '' PIPE" : "")
      exec "$0" --ps >&4
      """
    let outcome = try Run(["sh", "-c", script, Swinit.path]).outcome()
    #expect(
      outcome
        == (isIgnored
          ? Outcome(
            ending: .exited(125),
            errors: "swinit: cannot write to standard output: Broken pipe\n")
          : Outcome(ending: .killed(by: SIGPIPE))))
  }

  @Test(
    "On a terminal, rows are as wide as it, but wide enough for a part of each command",
    .needs(.namespaces),
    arguments: [(40, 64), (65, 65), (200, 200)] as [(UInt16, Int)])
  func terminalWidth(columns: UInt16, width: Int) throws {
    let script = "echo ready; read line; \"$0\" --ps; echo done"
    let words = Array(repeating: "word", count: 60)
    // In a namespace the tree is shallow.
    let terminal = try Terminal(
      Place.processOne.wrapper + ["sh", "-c", script, Swinit.path] + words)
    try terminal.expect("ready\r\n")
    try terminal.resize(rows: 24, columns: columns)
    try terminal.type("\n")
    let text = try terminal.text(before: "done\r\n")
    let widths = text.split(separator: "\r\n").map(\.utf8.count)
    #expect(widths.max() == width)
    #expect(text.contains(" sh -c ec"))
  }

  @Test("A chain of 2,000 descendants is listed", .needs(.namespaces))
  func deepChain() throws {
    let directory = try TemporaryDirectory()
    let script = """
      #!/bin/sh
      if [ $1 = 0 ]; then "$2" --ps; else "$0" $(($1 - 1)) "$2"; fi
      exit $?
      """
    let outcome = try Run(
      Place.processOne.wrapper + [
        Swinit.path, try directory.file("script", script), "2000", Swinit.path,
      ]
    ).outcome()
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output.contains("\nprocesses: 2002,"))
    let rows = outcome.output.split(separator: "\n").dropFirst().prefix(2002)
      .map { $0.split(separator: " ") }
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.0[0] == $0.1[1] })
  }

  @Test(
    "The limits of memory and processes are those of the container",
    .needs(Runc.needs), arguments: [true, false])
  func limits(hasCgroupNamespace: Bool) throws {
    let directory = try TemporaryDirectory()
    let runc = Runc(hasCgroupNamespace: hasCgroupNamespace, processLimit: 100)
    try runc.run(["sh", "-c", "/swinit --ps; :"], directory: directory) { run in
      let lines = try run.outcome().output.split(separator: "\n")
      try #require(lines.count > 2, "\(lines)")
      #expect(lines[lines.count - 2].wholeMatch(of: /memory limit: \d+[KM] of 32M/) != nil)
      #expect(lines.last?.wholeMatch(of: /process limit: \d+ of 100, threads included/) != nil)
    }
  }

  @Test(
    "On cgroup v2, each limit shown is that of the innermost cgroup that has one",
    .needs(UserModeMachine.needs))
  func limitsOfVersion2() throws {
    let directory = try TemporaryDirectory()
    let script = """
      mkdir \(directory.path)/groups
      mount -t cgroup2 cgroup2 \(directory.path)/groups
      cd \(directory.path)/groups
      echo +memory +pids >cgroup.subtree_control
      mkdir outer
      echo 64M >outer/memory.max
      echo 50 >outer/pids.max
      echo +memory >outer/cgroup.subtree_control
      mkdir outer/inner
      echo 32M >outer/inner/memory.max
      sh -c 'echo 0 >outer/inner/cgroup.procs; exec "$0" --ps' \(Swinit.path)
      """
    let lines = try UserModeMachine.output(of: script, in: directory).split(separator: "\n")
    let totals = try #require(
      lines.firstIndex { $0.hasPrefix("processes: ") }, "\(lines)")
    #expect(lines[totals + 1].wholeMatch(of: /memory limit: \d+[KM] of 32M/) != nil, "\(lines)")
    #expect(lines[totals + 2] == "process limit: 1 of 50, threads included")
  }

  @Test(
    "Listing processes signals none, and opens no file for writing",
    .needs([.root, .program("strace")]))
  func systemCalls() throws {
    let directory = try TemporaryDirectory()
    let outcome = try Run(
      ["strace", "-f", "-o", directory("trace"), Swinit.path, "--ps"]
    ).outcome()
    #expect(outcome.ending == .exited(0))
    let calls = try Strace(directory("trace")).calls
    let names = Set(calls.map(\.name))
    #expect(names.isDisjoint(with: ["kill", "tkill", "tgkill", "pidfd_send_signal", "ptrace"]))
    for call in calls where call.name == "openat" { #expect(!call.rest.contains("O_WRONLY")) }
  }
}
