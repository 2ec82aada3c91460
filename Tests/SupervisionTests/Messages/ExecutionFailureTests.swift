import Testing

@testable import Supervision

@Suite("The messages about a command that cannot be executed")
struct ExecutionFailureTests {
  /// The message, and the status that swinit exits with.
  private func message(
    _ command: String, _ error: SystemError, _ subject: ExecutionFailure.Subject,
    _ obstacle: ExecutionFailure.Obstacle? = nil, mistake: ExecutionFailure.Mistake? = nil
  ) -> (words: String, status: UInt8) {
    var failure = ExecutionFailure(error, subject, obstacle)
    failure.mistake = mistake
    return (Report.cannotRun(failure).words(command: command), failure.exitStatus.rawValue)
  }

  @Test("A command that does not exist is not found, and the PATH that was searched is shown")
  func notFound() {
    #expect(
      message("/nope", .noSuchFile, .command) == ("swinit: command not found: '/nope'\n", 127))
    #expect(
      message("servre", .noSuchFile, .commandInPath(text("/usr/local/bin:/a\tb")))
        == (
          "swinit: command not found: 'servre' (searched PATH=/usr/local/bin:/a\\tb)\n", 127
        ))
    #expect(message("", .noSuchFile, .command) == ("swinit: command not found: ''\n", 127))
  }

  @Test("The message says what forbids the execution of the command, or of its interpreter")
  func obstacle() {
    let obstacles: [(ExecutionFailure.Obstacle, String)] = [
      (.directory, "a directory"), (.notRegular, "not a regular file"),
      (.mountedNoexec, "on a file system mounted noexec"),
      (.notMarkedExecutable, "not marked executable (chmod +x)"),
      (.notForThisUser(1000), "not executable by user 1000"),
      (.notForThisUser(.max), "not executable by user 4294967295"),
      (
        .unsearchableDirectory(user: 0),
        "in a directory that may not be searched by user 0"
      ),
    ]
    for (obstacle, words) in obstacles {
      #expect(
        message("./a", .accessDenied, .command, obstacle)
          == ("swinit: cannot run './a': it is \(words)\n", 126))
      #expect(
        message("./a", .accessDenied, .interpreter(text("/b")), obstacle)
          == ("swinit: cannot run './a': its interpreter '/b' is \(words)\n", 126))
    }
    #expect(
      message("./a", .accessDenied, .command)
        == ("swinit: cannot run './a': Permission denied\n", 126))
  }

  @Test(
    "A program for another architecture is named with its own and the machine's",
    arguments: [
      (3, "i386"), (8, "mips"), (20, "ppc"), (21, "ppc64"), (22, "s390x"), (40, "arm"),
      (62, "x86_64"), (183, "aarch64"), (243, "riscv64"), (258, "loongarch64"),
      (0x1234, "an unknown architecture"),
    ] as [(UInt16, String)])
  func foreign(number: UInt16, name: String) {
    let obstacle = ExecutionFailure.Obstacle.foreign(
      Architecture(rawValue: number), machine: "sparc")
    #expect(
      message("./app", .notExecutable, .command, obstacle)
        == ("swinit: cannot run './app': built for \(name), this machine is sparc\n", 126))
    #expect(
      message("./app", .notExecutable, .interpreter("/b"), obstacle)
        == (
          "swinit: cannot run './app': its interpreter '/b' is built for \(name), "
            + "this machine is sparc\n", 126
        ))
  }

  @Test("A machine is of the architecture that its name begins with")
  func machine() {
    #expect(Architecture(rawValue: 40).isSame(asMachine: "armv7l"))
    #expect(Architecture(rawValue: 62).isSame(asMachine: "x86_64"))
    #expect(!Architecture(rawValue: 3).isSame(asMachine: "x86_64"))
    #expect(!Architecture(rawValue: 0).isSame(asMachine: "x86_64"))
  }

  @Test("An interpreter that does not exist is named, with what usually causes that")
  func interpreter() {
    let cases = [
      ("/bin/nope", "interpreter '/bin/nope' does not exist"),
      (
        "/bin/sh\r",
        "interpreter '/bin/sh\\r' does not exist; its lines end in CRLF; convert them to LF"
      ),
      (
        "/lib/ld-musl-x86_64.so.1",
        "dynamic loader '/lib/ld-musl-x86_64.so.1' does not exist; wrong libc? it is built for musl"
      ),
      (
        "/lib64/ld-linux-x86-64.so.2",
        "dynamic loader '/lib64/ld-linux-x86-64.so.2' does not exist; wrong libc? it is built for "
          + "glibc"
      ),
      (
        "/lib/ld64.so.1",
        "dynamic loader '/lib/ld64.so.1' does not exist; wrong libc? it is built for glibc"
      ),
    ]
    for (file, words) in cases {
      #expect(
        message("./run", .noSuchFile, .interpreter(text(file)))
          == ("swinit: cannot run './run': its \(words)\n", 127))
    }
    #expect(
      message("./run", .accessDenied, .interpreter(""))
        == ("swinit: cannot run './run': its interpreter '': Permission denied\n", 126))
  }

  @Test("A mistake in swinit's own command line is pointed out")
  func mistakes() {
    typealias Mistake = ExecutionFailure.Mistake
    let cases: [(String, String, Mistake?, String)] = [
      (
        "/dev/log", "--termination-log", .pathOfTerminationLog,
        "write --termination-log=PATH to name the log"
      ),
      ("-k", "--", .option, "options of swinit go before '--'"),
      ("a b", "--", .severalWords, "pass the command and its arguments as separate words"),
      ("a b", "swinit", .severalWords, "pass the command and its arguments as separate words"),
      ("-k", "swinit", nil, ""), ("/log", "--termination-log=/a", nil, ""),
      ("", "--", .emptyWord, "its name is empty; is a variable unset?"),
    ]
    for (command, previous, mistake, hint) in cases {
      #expect(Mistake(command: text(command), after: text(previous)) == mistake)
      #expect(
        message(command, .noSuchFile, .command, mistake: mistake)
          == (
            "swinit: command not found: '\(command)'\(hint.isEmpty ? "" : "; ")\(hint)\n", 127
          ))
    }
    #expect(
      message("/log", .accessDenied, .command, .notMarkedExecutable, mistake: .pathOfTerminationLog)
        == (
          "swinit: cannot run '/log': it is not marked executable (chmod +x); "
            + "write --termination-log=PATH to name the log\n", 126
        ))
  }

  @Test(
    "Each other error is reported in the kernel's words, and makes 126",
    arguments: [
      (7, "Argument list too long"), (12, "Cannot allocate memory"), (20, "Not a directory"),
      (26, "Text file busy"), (36, "File name too long"), (40, "Too many levels of symbolic links"),
      (6, "No such device or address"), (4, "error 4"), (80, "error 80"), (133, "error 133"),
    ] as [(Int32, String)])
  func errors(number: Int32, words: String) {
    let error = SystemError(rawValue: number)
    #expect(message("./a", error, .command) == ("swinit: cannot run './a': \(words)\n", 126))
  }

  @Test("The name of a command cannot forge a line of its own")
  func forged() {
    #expect(
      message("a\nswinit: all is well\u{1b}[2J", .noSuchFile, .command)
        == ("swinit: command not found: 'a\\nswinit: all is well\\x1b[2J'\n", 127))
  }
}
