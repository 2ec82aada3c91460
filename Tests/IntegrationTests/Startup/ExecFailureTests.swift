import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ExecFailureTests {
  /// How the command is spawned: by posix_spawn, or by fork where its variables name its process.
  enum Spawn: String, CaseIterable, CustomTestStringConvertible {
    case posixSpawn = "posix_spawn"
    case fork
    /// What swinit is started by.
    var birth: [String] {
      self == .fork ? ["sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh"] : []
    }
    var testDescription: String { rawValue }
  }

  @Test(
    "a command that cannot be executed ends with 127 or 126 and one line that explains it",
    arguments: Case.all.map { ($0, Spawn.posixSpawn) }
      + Case.all.filter { $0.birth.isEmpty }.map { ($0, .fork) })
  func isExplained(_ example: Case, after spawn: Spawn) throws {
    let directory = try TemporaryDirectory()
    let command = try example.make(directory)
    let birth =
      switch spawn {
      case .posixSpawn: example.birth.map { $0 == "COMMAND" ? command : $0 }
      case .fork: spawn.birth
      }
    let run = try Run.swinit(
      "--", command, at: .plain, birth: birth,
      environment: ["PATH=\(directory.path):/usr/bin:/bin"])
    let outcome = try run.outcome()
    let words = example.words.replacingOccurrences(of: "DIRECTORY", with: directory.path)
    #expect(outcome == Outcome(ending: .exited(example.status), errors: "swinit: \(words)\n"))
  }

  /// The status reaches what started PID 1.
  @Test(.needs(.namespaces)) func isExplainedAsPID1() throws {
    let outcome = try Run.swinit("--", "/no/such/file", at: .processOne).outcome()
    let words = "swinit: cannot run '/no/such/file': No such file or directory\n"
    #expect(outcome == Outcome(ending: .exited(127), errors: words))
  }

  /// A process that can't be made at all is swinit's own failure.
  @Test(.needs(.root)) func isExplainedWithoutAProcess() throws {
    let directory = try TemporaryDirectory()
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let run = try Run([
      "prlimit", "--nproc=1:1", "setpriv", "--reuid=54322", "--regid=54322", "--clear-groups",
      swinit, "sh",
    ])
    let outcome = try run.outcome()
    let words = "swinit: cannot start a process for 'sh': Resource temporarily unavailable\n"
    #expect(outcome == Outcome(ending: .exited(125), errors: words))
  }

  @Test(
    "a script without an interpreter line, or with an empty one, runs through /bin/sh",
    arguments: ["DIRECTORY/greet", "greet"], ["", "#!\n", "#! \t\n"])
  func isNoneOfAScriptWithoutInterpreter(name: String, line: String) throws {
    let directory = try TemporaryDirectory()
    try directory.file("greet", "\(line)echo \"$0 $1\"; exit 3\n")
    let run = try Run.swinit(
      name.replacingOccurrences(of: "DIRECTORY", with: directory.path), "word", at: .plain,
      environment: ["PATH=/usr/bin:\(directory.path):/bin"])
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(3), output: "\(directory("greet")) word\n"))
  }

  @Test(
    "a file in PATH that cannot be executed gives way to the next one, however it is spawned",
    arguments: ["#!/bin/sh\n", ""], Spawn.allCases)
  func givesWay(line: String, spawn: Spawn) throws {
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
      "command", at: .plain, birth: spawn.birth,
      environment: ["PATH=" + (path + [searchPath]).joined(separator: ":")])
    #expect(try run.outcome() == Outcome(ending: .exited(5)))
  }

  @Test("a script whose interpreter is for another machine is explained by the interpreter's name")
  func foreignInterpreter() throws {
    let directory = try TemporaryDirectory()
    let program = try directory.file("foreign", Case.executable { $0.changeMachine() })
    let script = try directory.file("script", "#!\(program)\n")
    let errors =
      "swinit: cannot run '\(script)': its interpreter '\(program)': Exec format error "
      + "(it is built for another kind of machine)\n"
    let outcome = try Run.swinit(script, at: .plain).outcome()
    #expect(outcome == Outcome(ending: .exited(126), errors: errors))
  }

  @Test(
    "a child that is stopped after its execution failed does not hold swinit up",
    .needs(.program("strace")))
  func stoppedChild() throws {
    let inject = ["-e", "trace=write", "-e", "inject=write:signal=SIGSTOP:when=1"]
    let run = try Run(
      ["strace", "-f", "-qq", "-o", "/dev/null"] + inject + Spawn.fork.birth
        + [Swinit.path, "/no/file"])
    // The first write of each process stops it: that of the child, and that of swinit's message.
    let swinit = try run.swinit()
    _ = try run.errorLine()
    try run.wait(until: "swinit, which is continued again and again, exits") {
      kill(swinit, SIGCONT) != 0
    }
    try run.expect(ending: .exited(127))
  }

  /// A directory in PATH that can't be searched doesn't end the search.
  @Test func isNoneOfTheRestOfPATH() throws {
    let directory = try TemporaryDirectory()
    try directory.file("true", "", mode: 0o644)
    let run = try Run.swinit(
      "true", at: .plain, environment: ["PATH=/nowhere:/etc/passwd:\(directory.path):/usr/bin:/bin"]
    )
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(0)))
  }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let status: Int32
    /// The message; DIRECTORY stands for where COMMAND is.
    let words: String
    /// What swinit is started by; COMMAND stands for COMMAND.
    var birth: [String] = []
    /// Makes COMMAND in the directory.
    let make: @Sendable (TemporaryDirectory) throws -> String
  }
}

extension ExecFailureTests.Case {
  static let all = [
    Self(
      testDescription: "not in PATH", status: 127,
      words: "cannot run 'foo': No such file or directory (PATH is DIRECTORY:/usr/bin:/bin)"
    ) { _ in "foo" },
    Self(
      testDescription: "not there", status: 127,
      words: "cannot run '/no/foo': No such file or directory"
    ) { _ in "/no/foo" },
    Self(
      testDescription: "no name", status: 127,
      words: "cannot run '': No such file or directory (PATH is DIRECTORY:/usr/bin:/bin)"
    ) { _ in "" },
    Self(
      testDescription: "interpreter not there", status: 127,
      words: "cannot run 'DIRECTORY/s': its interpreter '/no/python': No such file or directory"
    ) { try $0.file("s", "#!/no/python -u\n") },
    Self(
      testDescription: "interpreter not there, in PATH", status: 127,
      words: "cannot run 's': its interpreter '/no/python': No such file or directory"
    ) {
      try $0.file("s", "#! /no/python\n")
      return "s"
    },
    Self(
      testDescription: "lines of a script that end in CR LF", status: 127,
      words: "cannot run 'DIRECTORY/s': its interpreter '/bin/sh\\r': No such file or directory "
        + "(its lines end in CR LF; save it with LF)"
    ) { try $0.file("s", "#!/bin/sh\r\necho\r\n") },
    Self(
      testDescription: "dynamic loader not there", status: 127,
      words: "cannot run 'DIRECTORY/e': its interpreter '/nowhere': No such file or directory"
    ) { try $0.file("e", executable { try $0.replaceLoader(by: "/nowhere") }) },
    Self(
      testDescription: "a directory", status: 126,
      words: "cannot run '/etc': Permission denied (it is a directory)"
    ) { _ in "/etc" },
    Self(
      testDescription: "not executable", status: 126,
      words: "cannot run 'DIRECTORY/f': Permission denied (it is not marked executable)"
    ) { try $0.file("f", "", mode: 0o644) },
    Self(
      testDescription: "a file as a directory", status: 126,
      words: "cannot run '/etc/passwd/x': Not a directory"
    ) { _ in "/etc/passwd/x" },
    Self(
      testDescription: "a loop of links", status: 126,
      words: "cannot run 'DIRECTORY/l': Too many levels of symbolic links"
    ) {
      let path = $0("l")
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
      return path
    },
    Self(
      testDescription: "too long a name", status: 126,
      words: "cannot run '/\(String(repeating: "n", count: 256))': File name too long"
    ) { _ in "/" + String(repeating: "n", count: 256) },
    Self(
      testDescription: "arguments that the interpreter of a script makes too long", status: 126,
      words: "cannot run 'DIRECTORY/s': Argument list too long",
      birth: [probe, "with-most-arguments"]
    ) { try $0.file("s", "#!/bin/sh \(String(repeating: "x", count: 200))\n") },
    Self(
      testDescription: "open for writing", status: 126,
      words: "cannot run 'DIRECTORY/f': Text file busy",
      birth: ["sh", "-c", "exec 9>>\"$0\"; exec \"$@\"", "COMMAND"]
    ) { try $0.copy(of: "/bin/true", "f") },
    Self(
      testDescription: "for another machine", status: 126,
      words:
        "cannot run 'DIRECTORY/e': Exec format error (it is built for another kind of machine)"
    ) { try $0.file("e", executable { $0.changeMachine() }) },
  ]

  /// A real program, changed.
  fileprivate static func executable(_ change: (inout Data) throws -> Void) throws -> Data {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: "/bin/true"))
    try change(&bytes)
    return bytes
  }
}

extension Data {
  /// The number of a machine that doesn't exist.
  fileprivate mutating func changeMachine() { replaceSubrange(18..<20, with: [0x34, 0x12]) }

  fileprivate mutating func replaceLoader(by path: String) throws {
    guard let name = range(of: Data("/ld-linux".utf8)),
      let start = self[..<name.lowerBound].lastIndex(of: 0)
    else { throw CallFailed(number: ENOEXEC) }
    replaceSubrange(start + 1..<start + 1 + path.utf8.count + 1, with: Data(path.utf8) + [0])
  }
}
