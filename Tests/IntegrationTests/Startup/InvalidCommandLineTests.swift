import TestSupport
import Testing

@Suite("Invalid command lines") struct InvalidCommandLineTests {
  @Test(
    "An invalid option is refused with status 125 and a line that names it and what is accepted",
    arguments: [
      (["--frob", "true"], "unknown option '--frob'; 'swinit --help' lists the options"),
      (["--frob=7", "true"], "unknown option '--frob'; 'swinit --help' lists the options"),
      (["-x", "true"], "unknown option '-x'; 'swinit --help' lists the options"),
      (["-vx", "true"], "unknown option '-x'; 'swinit --help' lists the options"),
      (
        ["--rewrite"],
        "option '--rewrite' needs a value: FROM:TO, two signals, or FROM:0 to drop FROM"
      ),
      (["-vr"], "option '--rewrite' needs a value: FROM:TO, two signals, or FROM:0 to drop FROM"),
      (["--pause=x"], "option '--pause' takes no value, but was given 'x'"),
      (["--pause", "sleep"], "option '--pause' takes no COMMAND, but was given 'sleep'"),
      (
        ["-r", "FOO:BAR", "true"],
        "option '--rewrite': 'FOO:BAR' is not accepted; it takes "
          + "FROM:TO, two signals, or FROM:0 to drop FROM"
      ),
      (
        ["-r", "KILL:TERM", "true"],
        "option '--rewrite': 'KILL:TERM' is not accepted; it takes "
          + "FROM:TO, two signals, or FROM:0 to drop FROM"
      ),
      (
        ["-rCHLD:TERM", "true"],
        "option '--rewrite': 'CHLD:TERM' is not accepted; it takes "
          + "FROM:TO, two signals, or FROM:0 to drop FROM"
      ),
      (
        ["-e", "256", "true"],
        "option '--exit-code': '256' is not accepted; it takes "
          + "FROM or FROM:TO, exit statuses from 0 to 255"
      ),
      (
        ["--exit-code=1:", "true"],
        "option '--exit-code': '1:' is not accepted; it takes "
          + "FROM or FROM:TO, exit statuses from 0 to 255"
      ),
      (
        ["-p", "65", "true"],
        "option '--parent-death-signal': '65' is not accepted; it takes "
          + "a signal: a name such as TERM or RTMIN+3, or a number from 1 to 64"
      ),
    ] as [([String], String)])
  func options(arguments: [String], message: String) throws {
    let outcome = try Run([Swinit.path] + arguments).outcome()
    #expect(outcome == Outcome(ending: .exited(125), errors: "swinit: \(message)\n"))
  }

  @Test(
    "An invalid environment variable is refused with status 125 and a line that names it",
    arguments: [
      ("SWINIT_REWRITE=x", "FROM:TO, two signals, or FROM:0 to drop FROM"),
      ("SWINIT_EXIT_CODE=x", "FROM or FROM:TO, exit statuses from 0 to 255"),
      (
        "SWINIT_PARENT_DEATH_SIGNAL=x",
        "a signal: a name such as TERM or RTMIN+3, or a number from 1 to 64"
      ),
      ("SWINIT_SINGLE_CHILD=x", "1 or 0"),
      ("SWINIT_WARN_REAPED=x", "1 or 0"),
      ("SWINIT_VERBOSITY=x", "a number from 0 to 9"),
      ("TINI_VERBOSITY=x", "a number from 0 to 9"),
    ])
  func environmentVariables(variable: String, accepted: String) throws {
    let run = try Run([Swinit.path, "true"], environment: ["PATH=\(searchPath)", variable])
    let outcome = try run.outcome()
    let name = variable.split(separator: "=")[0]
    let message = "environment variable '\(name)': 'x' is not accepted; it takes \(accepted)"
    #expect(outcome == Outcome(ending: .exited(125), errors: "swinit: \(message)\n"))
  }

  @Test(
    "The usage is shown when there is no command to run",
    arguments: [[], ["-v"], ["--"], ["-v", "--"]] as [[String]])
  func missingCommand(arguments: [String]) throws {
    let outcome = try Run([Swinit.path] + arguments).outcome()
    let message = """
      swinit: no COMMAND to run
      usage: swinit [OPTIONS] [--] COMMAND [ARG...]; 'swinit --help' tells more

      """
    #expect(outcome == Outcome(ending: .exited(125), errors: message))
  }
}
