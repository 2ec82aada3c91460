import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Diagnosis of a command that cannot be executed", .mostlyWaits) struct ExecFailureTests {
  /// How the command is spawned: by posix_spawn, or by fork where its variables name its process.
  enum Spawn: String, CaseIterable, CustomTestStringConvertible {
    case posixSpawn = "posix_spawn"
    case fork
    /// The command that starts swinit.
    var launcher: [String] {
      self == .fork ? ["sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh"] : []
    }
    var testDescription: String { rawValue }
  }

  @Test(
    "A command that cannot be executed gives status 127 or 126 and one line that explains it",
    arguments: Case.all.map { ($0, Spawn.posixSpawn) }
      + Case.all.filter { $0.launcher.isEmpty }.map { ($0, .fork) })
  func explained(_ example: Case, after spawn: Spawn) throws {
    let directory = try TemporaryDirectory()
    let command = try example.make(directory)
    let launcher =
      switch spawn {
      case .posixSpawn: example.launcher.map { $0 == "COMMAND" ? command : $0 }
      case .fork: spawn.launcher
      }
    let run = try Run.swinit(
      "--", command, at: .plain, launcher: launcher,
      environment: ["PATH=\(directory.path):/usr/bin:/bin"])
    let outcome = try run.outcome()
    let message = example.message.replacingOccurrences(of: "DIRECTORY", with: directory.path)
    #expect(outcome == Outcome(ending: .exited(example.status), errors: "swinit: \(message)\n"))
  }

  @Test(
    "The status 127 of a missing command reaches the process that started PID 1",
    .needs(.namespaces))
  func asPID1() throws {
    let outcome = try Run.swinit("--", "/no/such/file", at: .processOne).outcome()
    let message = "swinit: command not found: '/no/such/file'\n"
    #expect(outcome == Outcome(ending: .exited(127), errors: message))
  }

  @Test("swinit exits with 125 when it cannot create a process for the command", .needs(.root))
  func refusedFork() throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let run = try Run([
      "prlimit", "--nproc=1:1", "setpriv", "--reuid=54322", "--regid=54322", "--clear-groups",
      swinit, "sh",
    ])
    let outcome = try run.outcome()
    let message = "swinit: cannot create a process for 'sh': Resource temporarily unavailable\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: message))
  }

  @Test(
    "A script without an interpreter line, or with an empty one, runs through /bin/sh",
    arguments: ["DIRECTORY/greet", "greet"], ["", "#!\n", "#! \t\n"])
  func scriptWithoutInterpreter(name: String, line: String) throws {
    let directory = try TemporaryDirectory()
    try directory.file("greet", "\(line)echo \"$0 $1\"; exit 3\n")
    let run = try Run.swinit(
      name.replacingOccurrences(of: "DIRECTORY", with: directory.path), "word", at: .plain,
      environment: ["PATH=/usr/bin:\(directory.path):/bin"])
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(3), output: "\(directory("greet")) word\n"))
  }

  @Test(
    "A file in PATH that cannot be executed is skipped for the next one, however it is spawned",
    arguments: ["#!/bin/sh\n", ""], Spawn.allCases)
  func nextFileInPATH(line: String, spawn: Spawn) throws {
    let directory = try TemporaryDirectory()
    var path: [String] = []
    for (name, text, mode) in [
      ("first", "#!/no/python\n", 0o755), ("second", "", 0o644),
      ("third", line + "exit 5\n", 0o755),
    ] {
      path.append(directory(name))
      try FileManager.default.createDirectory(
        atPath: directory(name), withIntermediateDirectories: false)
      try directory.file("\(name)/command", text, mode: mode)
    }
    let run = try Run.swinit(
      "command", at: .plain, launcher: spawn.launcher,
      environment: ["PATH=" + (path + [searchPath]).joined(separator: ":")])
    #expect(try run.outcome() == Outcome(ending: .exited(5)))
  }

  @Test("The interpreter is named when a script's interpreter is built for another machine")
  func foreignInterpreter() throws {
    let directory = try TemporaryDirectory()
    let program = try directory.file("foreign", Case.executable { $0.changeMachine() })
    let script = try directory.file("script", "#!\(program)\n")
    let errors =
      "swinit: cannot run '\(script)': its interpreter '\(program)' is built for "
      + "an unknown architecture, this machine is \(Self.machine)\n"
    let outcome = try Run.swinit(script, at: .plain).outcome()
    #expect(outcome == Outcome(ending: .exited(126), errors: errors))
  }

  @Test("A child that is stopped after its execution failed does not hold up swinit")
  func stoppedChild() throws {
    let directory = try TemporaryDirectory()
    let command = Spawn.fork.launcher + [Swinit.path, "/no/file"]
    // The child, which is process 1, is held when it is about to write why the execution failed, until
    // swinit has waited so long for it that it is about to look whether the child is stopped.
    let run = try Run(
      [probe, "with-fault", directory("report"), "1:write:1:0:1", Swinit.path] + command)
    try run.expect(line: "held")
    let swinit = try run.swinit()
    let child = try #require(ProcessTable().children(of: swinit).first)
    try check(kill(child.id, SIGSTOP))
    try run.wait(until: "swinit stops for its tracer") { state(of: swinit) == "t" }
    try directory.file("report.go", "")
    #expect(try run.errorLine() == "swinit: command not found: '/no/file'")
    try run.expect(ending: .exited(127))
  }

  @Test(
    "swinit exits with 125 when it cannot create a process for the second file of PATH",
    .needs(.program("strace")))
  func refusedSecondSpawn() throws {
    let (first, second) = (try TemporaryDirectory(), try TemporaryDirectory())
    try first.file("program", "", mode: 0o644)
    try second.file("program", "#!/bin/true\n")
    // The SIGCHLD of the child that could not execute the first file must not count for the second.
    let refused = "clone,clone3:error=EAGAIN:when=2"
    let strace = try #require(Need.find("strace"))
    let run = try Run.swinit(
      "program", at: .plain,
      launcher: [strace, "-qq", "-o", "/dev/null", "-e", "inject=\(refused)"],
      environment: ["PATH=\(first.path):\(second.path)"])
    let outcome = try run.outcome()
    let message =
      "swinit: cannot create a process for 'program': Resource temporarily unavailable\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: message))
  }

  @Test("A directory in PATH that cannot be searched does not end the search")
  func unsearchableDirectory() throws {
    let directory = try TemporaryDirectory()
    try directory.file("true", "", mode: 0o644)
    let run = try Run.swinit(
      "true", at: .plain, environment: ["PATH=/nowhere:/etc/passwd:\(directory.path):/usr/bin:/bin"]
    )
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(0)))
  }

  /// What `uname -m` prints.
  static let machine = {
    var name = utsname()
    _ = unsafe uname(&name)
    return unsafe withUnsafeBytes(of: name.machine) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }()

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let status: Int32
    /// The expected message; DIRECTORY stands for the command's directory.
    let message: String
    /// The command that starts swinit; the command stands for swinit's own command.
    var launcher: [String] = []
    /// Creates the command in the directory.
    let make: @Sendable (TemporaryDirectory) throws -> String
  }
}

extension ExecFailureTests.Case {
  static let all = [
    Self(
      testDescription: "a command that is not in PATH", status: 127,
      message: "command not found: 'foo' (searched PATH=DIRECTORY:/usr/bin:/bin)"
    ) { _ in "foo" },
    Self(
      testDescription: "a path that does not exist", status: 127,
      message: "command not found: '/no/foo'"
    ) { _ in "/no/foo" },
    Self(
      testDescription: "an empty name", status: 127,
      message:
        "command not found: '' (searched PATH=DIRECTORY:/usr/bin:/bin); its name is empty; is a variable unset?"
    ) { _ in "" },
    Self(
      testDescription: "a missing interpreter", status: 127,
      message: "cannot run 'DIRECTORY/s': its interpreter '/no/python' does not exist"
    ) { try $0.file("s", "#!/no/python -u\n") },
    Self(
      testDescription: "a missing interpreter of a script in PATH", status: 127,
      message: "cannot run 's': its interpreter '/no/python' does not exist"
    ) {
      try $0.file("s", "#! /no/python\n")
      return "s"
    },
    Self(
      testDescription: "a script with CRLF line endings", status: 127,
      message: "cannot run 'DIRECTORY/s': its interpreter '/bin/sh\\r' does not exist; "
        + "its lines end in CRLF; convert them to LF"
    ) { try $0.file("s", "#!/bin/sh\r\necho\r\n") },
    Self(
      testDescription: "a missing dynamic loader", status: 127,
      message: "cannot run 'DIRECTORY/e': its interpreter '/nowhere' does not exist"
    ) { try $0.file("e", executable { try $0.replaceLoader(by: "/nowhere") }) },
    Self(
      testDescription: "a directory", status: 126,
      message: "cannot run '/etc': it is a directory"
    ) { _ in "/etc" },
    Self(
      testDescription: "a file without execute permission", status: 126,
      message: "cannot run 'DIRECTORY/f': it is not marked executable (chmod +x)"
    ) { try $0.file("f", "", mode: 0o644) },
    Self(
      testDescription: "a file used as a directory", status: 126,
      message: "cannot run '/etc/passwd/x': Not a directory"
    ) { _ in "/etc/passwd/x" },
    Self(
      testDescription: "a loop of symbolic links", status: 126,
      message: "cannot run 'DIRECTORY/l': Too many levels of symbolic links"
    ) {
      let path = $0("l")
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
      return path
    },
    Self(
      testDescription: "a file name that is too long", status: 126,
      message: "cannot run '/\(String(repeating: "n", count: 256))': File name too long"
    ) { _ in "/" + String(repeating: "n", count: 256) },
    Self(
      testDescription: "an argument list that the script's interpreter line makes too long",
      status: 126,
      message: "cannot run 'DIRECTORY/s': Argument list too long",
      launcher: [probe, "with-most-arguments"]
    ) { try $0.file("s", "#!/bin/sh \(String(repeating: "x", count: 200))\n") },
    Self(
      testDescription: "a file that is open for writing", status: 126,
      message: "cannot run 'DIRECTORY/f': Text file busy",
      launcher: ["sh", "-c", "exec 9>>\"$0\"; exec \"$@\"", "COMMAND"]
    ) { try $0.copy(of: "/bin/true", "f") },
    Self(
      testDescription: "a program built for another machine", status: 126,
      message:
        "cannot run 'DIRECTORY/e': built for an unknown architecture, this machine is \(ExecFailureTests.machine)"
    ) { try $0.file("e", executable { $0.changeMachine() }) },
  ]

  /// A real program, modified.
  fileprivate static func executable(_ change: (inout Data) throws -> Void) throws -> Data {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: "/bin/true"))
    try change(&bytes)
    return bytes
  }
}

extension Data {
  /// Sets the number of a machine that does not exist.
  fileprivate mutating func changeMachine() { replaceSubrange(18..<20, with: [0x34, 0x12]) }

  fileprivate mutating func replaceLoader(by path: String) throws {
    guard let name = range(of: Data("/ld-linux".utf8)),
      let start = self[..<name.lowerBound].lastIndex(of: 0)
    else { throw CallFailed(number: ENOEXEC) }
    replaceSubrange(start + 1..<start + 1 + path.utf8.count + 1, with: Data(path.utf8) + [0])
  }
}
