import TestSupport
import Testing

@Suite struct InvalidCommandLineTests {
  /// What swinit doesn't understand is refused before anything runs: with 125, and one line that
  /// names the option and the value and says what is accepted.
  @Test(
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
  func isRefused(arguments: [String], words: String) throws {
    let outcome = try Run([Swinit.path] + arguments).outcome()
    #expect(outcome == Outcome(ending: .exited(125), errors: "swinit: \(words)\n"))
  }

  /// So is a value in the environment.
  @Test(arguments: [
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
  func isRefusedInTheEnvironment(variable: String, accepted: String) throws {
    let run = try Run([Swinit.path, "true"], environment: ["PATH=\(searchPath)", variable])
    let outcome = try run.outcome()
    let name = variable.split(separator: "=")[0]
    let words = "environment variable '\(name)': 'x' is not accepted; it takes \(accepted)"
    #expect(outcome == Outcome(ending: .exited(125), errors: "swinit: \(words)\n"))
  }

  /// Without COMMAND, the usage is shown too.
  @Test(arguments: [[], ["-v"], ["--"], ["-v", "--"]] as [[String]])
  func showsTheUsage(arguments: [String]) throws {
    let outcome = try Run([Swinit.path] + arguments).outcome()
    let words = """
      swinit: no COMMAND to run
      usage: swinit [OPTIONS] [--] COMMAND [ARG...]; 'swinit --help' tells more

      """
    #expect(outcome == Outcome(ending: .exited(125), errors: words))
  }
}
