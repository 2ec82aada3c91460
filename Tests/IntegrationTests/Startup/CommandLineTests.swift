import TestSupport
import Testing

@Suite("The command line of the built program", .mostlyWaits) struct CommandLineTests {
  @Test(
    "Options end at the first word that is not one, with or without --",
    arguments: [
      ["sh", "-c", "exit 3"], ["--", "sh", "-c", "exit 3"], ["-vvw", "sh", "-c", "exit 3"],
      ["-e1:2", "-g", "-s", "sh", "-c", "exit 3"],
    ])
  func endOfOptions(arguments: [String]) throws {
    let ending = try Run([Swinit.path] + arguments).ending()
    #expect(ending == .exited(3))
  }

  @Test("The command receives its arguments unchanged")
  func argumentsOfCommand() throws {
    let arguments = ["", " ", "-v", "--", "a\nb", "*", "é", "$HOME"]
    let run = try Run([Swinit.path, "printf", "[%s]"] + arguments)
    let outcome = try run.outcome()
    let output = arguments.map { "[\($0)]" }.joined()
    #expect(outcome == Outcome(ending: .exited(0), output: output))
  }

  @Test(
    "--help, --version and --license write to standard output, run nothing and succeed",
    arguments: [
      ("--help", "swinit"), ("-h", "swinit"), ("--license", "MIT"), ("-l", "MIT"),
      ("--version", "tini version 0.19.0 (swinit "), ("-V", "swinit 0."),
    ])
  func informationOptions(option: String, text: String) throws {
    let outcome = try Run([Swinit.path, option, "false"]).outcome()
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output.contains(text))
    #expect(outcome.output.hasSuffix("\n"))
    #expect(outcome.errors == "")
  }

  @Test(
    "An option overrides its environment variable",
    arguments: [
      (["sh", "-c", "exit 1"], 5), (["-e", "2:6", "sh", "-c", "exit 2"], 6),
      (["-e", "1:7", "sh", "-c", "exit 1"], 7), (["sh", "-c", "exit 3"], 4),
    ] as [([String], Int32)])
  func overridesEnvironment(arguments: [String], status: Int32) throws {
    let run = try Run(
      [Swinit.path] + arguments, environment: ["PATH=\(searchPath)", "SWINIT_EXIT_CODE=1:5,3:4"])
    let ending = try run.ending()
    #expect(ending == .exited(status))
  }

  @Test(
    "Variables of tini and dumb-init are accepted, and an empty variable counts as unset",
    arguments: [
      "TINI_SUBREAPER=", "TINI_KILL_PROCESS_GROUP=", "TINI_SUBREAPER=1", "SWINIT_REWRITE=",
      "SWINIT_EXIT_CODE=", "SWINIT_VERBOSITY=", "SWINIT_SINGLE_CHILD=0", "DUMB_INIT_SETSID=1",
    ])
  func variablesOfOtherInits(_ variable: String) throws {
    let outcome = try Run(
      [Swinit.path, "sh", "-c", "exit 3"], environment: ["PATH=\(searchPath)", variable]
    ).outcome()
    #expect(outcome == Outcome(ending: .exited(3)))
  }
}
