import TestSupport
import Testing

@Suite struct ListenPIDTests {
  /// If `LISTEN_PID` names swinit, it names COMMAND in COMMAND's environment, and the rest of the
  /// environment is as it was, in the same order.
  @Test(arguments: Place.available)
  func namesCOMMAND(at place: Place) throws {
    let run = try Run.swinit(
      "sh", "-c", "echo $$; tr '\\0' '\\n' </proc/$$/environ", at: place,
      birth: [
        "sh", "-c", "exec env -i A=1 LISTEN_FDS=2 LISTEN_PID=$$ Z= PATH=\(searchPath) \"$@\"", "sh",
      ])
    let outcome = try run.outcome()
    let lines = outcome.output.split(separator: "\n")
    let command = try #require(lines.first)
    #expect(
      lines.dropFirst() == [
        "A=1", "LISTEN_FDS=2", "LISTEN_PID=\(command)", "Z=", "PATH=\(searchPath)",
      ])
    #expect(outcome.ending == .exited(0))
  }

  /// The same when COMMAND is a script that a shell has to run.
  @Test func namesAScript() throws {
    let directory = try TemporaryDirectory()
    let script = try directory.file("script", "echo $LISTEN_PID $$\n")
    let run = try Run.swinit(
      script, at: .plain, birth: ["sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh"])
    let words = try run.outcome().output.split(whereSeparator: \.isWhitespace)
    #expect(words.count == 2)
    #expect(words.first == words.last)
  }

  /// If it names another process, or nothing, it is left alone.
  @Test(arguments: Place.available, ["77777", "", "x", "99999999999999999999", "0", "-1"])
  func isLeftAlone(at place: Place, _ value: String) throws {
    let run = try Run.swinit(
      "printenv", "LISTEN_PID", at: place,
      environment: ["PATH=\(searchPath)", "LISTEN_PID=\(value)"])
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(0), output: "\(value)\n"))
  }
}
