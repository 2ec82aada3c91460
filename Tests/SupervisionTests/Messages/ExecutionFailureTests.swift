import Supervision
import Testing

@Suite("The messages about a command that cannot be executed")
struct ExecutionFailureTests {
  /// The message and swinit's exit status.
  private func message(
    _ command: String, _ error: SystemError, _ reason: ExecutionFailure.Reason,
    _ obstacle: ExecutionFailure.Obstacle? = nil
  ) -> (words: String, status: UInt8) {
    let failure = ExecutionFailure(error, reason, obstacle)
    return (Report.cannotRun(failure).words(command: command), failure.exitStatus.rawValue)
  }

  @Test("The message about a command that is not found gives the PATH that was searched")
  func notFound() {
    #expect(
      message("/nope", .noSuchFile, .unknown)
        == ("swinit: cannot run '/nope': No such file or directory\n", 127))
    #expect(
      message("nope", .noSuchFile, .notInPath(text("/bin:/a\tb")))
        == ("swinit: cannot run 'nope': No such file or directory (PATH is /bin:/a\\tb)\n", 127))
    #expect(
      message("", .noSuchFile, .unknown)
        == ("swinit: cannot run '': No such file or directory\n", 127))
  }

  @Test("The message about a file that is not a program says what it is")
  func notExecutable() {
    #expect(
      message("/etc", .accessDenied, .unknown, .directory)
        == ("swinit: cannot run '/etc': Permission denied (it is a directory)\n", 126))
    #expect(
      message("./a", .accessDenied, .unknown, .notMarkedExecutable)
        == ("swinit: cannot run './a': Permission denied (it is not marked executable)\n", 126))
    #expect(
      message("./a", .accessDenied, .unknown)
        == ("swinit: cannot run './a': Permission denied\n", 126))
    #expect(
      message("./a", .notExecutable, .unknown, .foreign)
        == (
          "swinit: cannot run './a': Exec format error (it is built for another kind of machine)\n",
          126
        ))
  }

  @Test("The message names the obstacle to executing the command or its interpreter")
  func obstacle() {
    let obstacles: [(ExecutionFailure.Obstacle, String)] = [
      (.directory, "it is a directory"), (.notRegular, "it is not a regular file"),
      (.mountedNoexec, "its file system is mounted noexec"),
      (.notMarkedExecutable, "it is not marked executable"),
      (.notForThisUser(1000), "it is executable, but not by user 1000"),
      (.notForThisUser(.max), "it is executable, but not by user 4294967295"),
      (
        .unsearchableDirectory(user: 0), "a directory in its path cannot be searched by user 0"
      ),
    ]
    for (obstacle, words) in obstacles {
      #expect(
        message("./a", .accessDenied, .unknown, obstacle)
          == ("swinit: cannot run './a': Permission denied (\(words))\n", 126))
      #expect(
        message("./a", .accessDenied, .interpreter(text("/b")), obstacle)
          == (
            "swinit: cannot run './a': its interpreter '/b': Permission denied (\(words))\n", 126
          ))
    }
  }

  @Test("The message about a missing interpreter names it")
  func interpreter() {
    #expect(
      message("./run", .noSuchFile, .interpreter(text("/bin/nope")))
        == (
          "swinit: cannot run './run': its interpreter '/bin/nope': No such file or directory\n",
          127
        ))
    #expect(
      message("./run", .noSuchFile, .interpreter(text("/bin/sh\r")))
        == (
          "swinit: cannot run './run': its interpreter '/bin/sh\\r': No such file or directory "
            + "(its lines end in CR LF; save it with LF)\n", 127
        ))
    #expect(
      message("./run", .accessDenied, .interpreter(text("")))
        == ("swinit: cannot run './run': its interpreter '': Permission denied\n", 126))
  }

  @Test(
    "Every other error is described in the kernel's words and gives status 126",
    arguments: [
      (7, "Argument list too long"), (12, "Cannot allocate memory"), (20, "Not a directory"),
      (26, "Text file busy"), (36, "File name too long"), (40, "Too many levels of symbolic links"),
      (6, "No such device or address"), (4, "error 4"), (80, "error 80"), (133, "error 133"),
    ] as [(Int32, String)])
  func errors(number: Int32, words: String) {
    let error = SystemError(rawValue: number)
    #expect(message("./a", error, .unknown) == ("swinit: cannot run './a': \(words)\n", 126))
  }

  @Test("A command's name cannot forge a line of its own")
  func forged() {
    #expect(
      message("a\nswinit: all is well\u{1b}[2J", .noSuchFile, .unknown)
        == (
          "swinit: cannot run 'a\\nswinit: all is well\\x1b[2J': No such file or directory\n", 127
        ))
  }
}
