import Foundation
import TestSupport
import Testing

@Suite("Diagnosis of a command that may not be executed", .mostlyWaits, .needs(.root))
struct PermissionDiagnosisTests {
  @Test("The message names the cause that forbids executing the command", arguments: Case.all)
  func cause(_ example: Case) throws {
    let directory = try TemporaryDirectory()
    let outcome = try run(example, in: directory)
    let message = example.message.replacingOccurrences(of: "DIR", with: directory.path)
    #expect(outcome == Outcome(ending: .exited(126), errors: "swinit: cannot run \(message)\n"))
  }

  @Test("The JSON message about a command that may not be executed has the cause as a field")
  func jsonField() throws {
    let directory = try TemporaryDirectory()
    let outcome = try run(Case.all[0], in: directory, ["--log-format", "json"])
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.errors.utf8)) as? [String: Any])
    #expect(object["error"] as? String == "Permission denied")
  }

  @Test("A missing interpreter is named however many scripts lead to it")
  func nestedInterpreter() throws {
    let directory = try TemporaryDirectory()
    let second = try directory.file("second", "#!/no/python\n")
    let first = try directory.file("first", "#!\(second)\n")
    let outcome = try Run.swinit("--", first, at: .plain).outcome()
    let message = "cannot run '\(first)': its interpreter '/no/python' does not exist"
    #expect(outcome == Outcome(ending: .exited(127), errors: "swinit: \(message)\n"))
  }

  @Test("Scripts that are each other's interpreter are diagnosed as a loop")
  func interpreterLoop() throws {
    let directory = try TemporaryDirectory()
    let (one, other) = (directory("one"), directory("other"))
    try directory.file("one", "#!\(other)\n")
    try directory.file("other", "#!\(one)\n")
    let outcome = try Run.swinit("--", one, at: .plain).outcome()
    let message = "cannot run '\(one)': Too many levels of symbolic links"
    #expect(outcome == Outcome(ending: .exited(126), errors: "swinit: \(message)\n"))
  }

  /// Runs swinit as an ordinary user, in a mount namespace where DIR/noexec is mounted noexec.
  private func run(
    _ example: Case, in directory: TemporaryDirectory, _ options: [String] = []
  ) throws -> Outcome {
    let swinit = try directory.copy(of: Swinit.path, "swinit")
    let script = """
      cd "$1" && mkdir noexec && mount -t tmpfs -o noexec,mode=755 tmpfs noexec && \
      { \(example.preparation); } && shift && exec "$@"
      """
    let user = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    let command = example.command.replacingOccurrences(of: "DIR", with: directory.path)
    return try Run(
      ["unshare", "-m", "sh", "-c", script, "sh", directory.path] + user + [swinit] + options
        + ["--", command],
      environment: [
        "PATH=\(searchPath):\(directory.path)/private"
      ]
    ).outcome()
  }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    /// Shell commands that make the files, run as root in DIR.
    let preparation: String
    let command: String
    let message: String
  }
}

extension PermissionDiagnosisTests.Case {
  private static let script = "printf '#!%s/interpreter\\n' \"$1\" >script; chmod 755 script"

  static let all = [
    Self(
      testDescription: "a file system mounted noexec",
      preparation: "cp /bin/true noexec/file", command: "DIR/noexec/file",
      message: "'DIR/noexec/file': it is on a file system mounted noexec"),
    Self(
      testDescription: "a file that only its owner may execute",
      preparation: "cp /bin/true file; chmod 700 file", command: "DIR/file",
      message: "'DIR/file': it is not executable by user 54321"),
    Self(
      testDescription: "a file without any execute permission",
      preparation: "cp /bin/true file; chmod 666 file", command: "DIR/file",
      message: "'DIR/file': it is not marked executable (chmod +x)"),
    Self(
      testDescription: "a directory in the path that the user may not search",
      preparation: "mkdir private; cp /bin/true private/file; chmod 700 private",
      command: "DIR/private/file",
      message: "'DIR/private/file': it is "
        + "in a directory that may not be searched by user 54321"),
    Self(
      testDescription: "a directory of PATH that the user may not search",
      preparation: "mkdir private; cp /bin/true private/no-such-tool; chmod 700 private",
      command: "no-such-tool",
      message: "'no-such-tool': it is "
        + "in a directory that may not be searched by user 54321"),
    Self(
      testDescription: "a directory",
      preparation: "true", command: "DIR",
      message: "'DIR': it is a directory"),
    Self(
      testDescription: "a device",
      preparation: "true", command: "/dev/null",
      message: "'/dev/null': it is not a regular file"),
    Self(
      testDescription: "an interpreter on a file system mounted noexec",
      preparation: "cp /bin/true noexec/file; ln -s noexec/file interpreter; \(script)",
      command: "DIR/script",
      message: "'DIR/script': its interpreter 'DIR/interpreter' is "
        + "on a file system mounted noexec"),
    Self(
      testDescription: "an interpreter that only its owner may execute",
      preparation: "cp /bin/true interpreter; chmod 700 interpreter; \(script)",
      command: "DIR/script",
      message: "'DIR/script': its interpreter 'DIR/interpreter' is "
        + "not executable by user 54321"),
    Self(
      testDescription: "an interpreter without any execute permission",
      preparation: "cp /bin/true interpreter; chmod 644 interpreter; \(script)",
      command: "DIR/script",
      message: "'DIR/script': its interpreter 'DIR/interpreter' is "
        + "not marked executable (chmod +x)"),
    Self(
      testDescription: "an interpreter in a directory that the user may not search",
      preparation: "mkdir private; cp /bin/true private/file; chmod 700 private; "
        + "ln -s private/file interpreter; \(script)",
      command: "DIR/script",
      message: "'DIR/script': its interpreter 'DIR/interpreter' is "
        + "in a directory that may not be searched by user 54321"),
    Self(
      testDescription: "an interpreter that is a directory",
      preparation: "mkdir interpreter; \(script)", command: "DIR/script",
      message: "'DIR/script': its interpreter 'DIR/interpreter' is "
        + "a directory"),
  ]
}
