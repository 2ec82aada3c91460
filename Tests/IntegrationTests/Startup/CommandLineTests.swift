import TestSupport
import Testing

@Suite struct CommandLineTests {
  /// Options end with the first word that isn't one, with or without `--`.
  @Test(arguments: [
    ["sh", "-c", "exit 3"], ["--", "sh", "-c", "exit 3"], ["-vvw", "sh", "-c", "exit 3"],
    ["-e1:2", "-g", "-s", "sh", "-c", "exit 3"],
  ])
  func endsBeforeCOMMAND(words: [String]) throws {
    let ending = try Run([Swinit.path] + words).ending()
    #expect(ending == .exited(3))
  }

  /// COMMAND's arguments reach it as they are.
  @Test func isPassedOn() throws {
    let words = ["", " ", "-v", "--", "a\nb", "*", "é", "$HOME"]
    let run = try Run([Swinit.path, "printf", "[%s]"] + words)
    let outcome = try run.outcome()
    let output = words.map { "[\($0)]" }.joined()
    #expect(outcome == Outcome(ending: .exited(0), output: output))
  }

  /// `--help`, `--version` and `--license` write to standard output, run nothing, and succeed.
  @Test(arguments: [
    ("--help", "swinit"), ("-h", "swinit"), ("--license", "MIT"), ("-l", "MIT"),
    ("--version", "tini version 0.19.0 (swinit "), ("-V", "tini version 0.19.0 (swinit "),
  ])
  func answers(option: String, words: String) throws {
    let outcome = try Run([Swinit.path, option, "false"]).outcome()
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output.contains(words))
    #expect(outcome.output.hasSuffix("\n"))
    #expect(outcome.errors == "")
  }

  /// What the command line says goes before the environment.
  @Test(
    arguments: [
      (["sh", "-c", "exit 1"], 5), (["-e", "2:6", "sh", "-c", "exit 2"], 6),
      (["-e", "1:7", "sh", "-c", "exit 1"], 7), (["sh", "-c", "exit 3"], 4),
    ] as [([String], Int32)])
  func overrulesTheEnvironment(words: [String], status: Int32) throws {
    let run = try Run(
      [Swinit.path] + words, environment: ["PATH=\(searchPath)", "SWINIT_EXIT_CODE=1:5,3:4"])
    let ending = try run.ending()
    #expect(ending == .exited(status))
  }

  /// What other inits are told in the environment is understood, and what is empty is unset.
  @Test(arguments: [
    "TINI_SUBREAPER=", "TINI_KILL_PROCESS_GROUP=", "TINI_SUBREAPER=1", "SWINIT_REWRITE=",
    "SWINIT_EXIT_CODE=", "SWINIT_VERBOSITY=", "SWINIT_SINGLE_CHILD=0", "DUMB_INIT_SETSID=1",
  ])
  func acceptsTheVariable(_ variable: String) throws {
    let outcome = try Run(
      [Swinit.path, "sh", "-c", "exit 3"], environment: ["PATH=\(searchPath)", variable]
    ).outcome()
    #expect(outcome == Outcome(ending: .exited(3)))
  }
}
