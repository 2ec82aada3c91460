import Supervision
import Testing

@Suite("The messages about invalid command lines")
struct InvalidCommandLineTests {
  @Test(
    "An unknown option is refused by its name",
    arguments: [
      ("--nonsense true", "'--nonsense'"),
      ("--nonsense=1 true", "'--nonsense'"),
      ("--Help", "'--Help'"),
      ("--verbos true", "'--verbos'"),
      ("--=1 true", "'--'"),
      ("--log text true", "'--log'"),
      ("-x true", "'-x'"),
      ("-vxw true", "'-x'"),
      ("-v- true", "'--'"),
      ("-1 true", "'-1'"),
      ("-\u{1b} true", "'-\\x1b'"),
    ])
  func unknownOption(words: String, name: String) throws {
    let message = "swinit: unknown option \(name); 'swinit --help' lists the options\n"
    #expect(try call(words).refusal == message)
  }

  @Test(
    "An option without its value is refused with what it accepts",
    arguments: [
      ("-k", "--kill-after", "a duration such as 10, 10s, 500ms, 2m, 1h or infinity"),
      ("-e", "--exit-code", "FROM or FROM:TO, exit statuses from 0 to 255"),
      ("-r", "--rewrite", "FROM:TO, two signals, or FROM:0 to drop FROM"),
      (
        "-p", "--parent-death-signal",
        "a signal: a name such as TERM or RTMIN+3, or a number from 1 to 64"
      ),
    ])
  func missingValue(letter: String, name: String, accepted: String) throws {
    let message = "swinit: option '\(name)' needs a value: \(accepted)\n"
    #expect(try call(letter).refusal == message)
    #expect(try call(name).refusal == message)
    #expect(try call("-w\(letter.dropFirst())").refusal == message)
  }

  @Test(
    "A long-only option without its value is refused with what it accepts",
    arguments: [
      ("--log-format", "text or json"),
      ("--zombie-check", "a duration such as 10, 10s, 500ms, 2m, 1h or infinity"),
    ])
  func missingValueOfName(name: String, accepted: String) throws {
    #expect(try call(name).refusal == "swinit: option '\(name)' needs a value: \(accepted)\n")
  }

  @Test(
    "An invalid value of a long-only option is refused with what it accepts",
    arguments: [
      ("--log-format", "JSON", "text or json"),
      ("--log-format", "", "text or json"),
      ("--termination-log", "", "a path"),
      ("--zombie-check", "x", "a duration such as 10, 10s, 500ms, 2m, 1h or infinity"),
    ])
  func valueOfName(name: String, value: String, accepted: String) throws {
    #expect(
      try call(words: ["\(name)=\(value)", "true"]).refusal
        == "swinit: option '\(name)': '\(value)' is not accepted; it takes \(accepted)\n")
  }

  @Test(
    "An option that takes no value is refused with one",
    arguments: [
      "--single-child", "--group", "--subreaper", "--warn-reaped", "--verbose", "--pause", "--help",
      "--version", "--license",
    ], ["1", "", "a=b"])
  func unwantedValue(name: String, value: String) throws {
    let message = "swinit: option '\(name)' takes no value, but was given '\(value)'\n"
    #expect(try call("\(name)=\(value) true").refusal == message)
  }

  @Test(
    "An invalid exit status is refused",
    arguments: [
      "x", "256", "-1", "+1", "1:256", "1:", ":1", ":", "1:2:3", "1,", ",1", "1,,2", "1 ", "0x1",
      "99999999999999999999", "1:99999999999999999999", "TERM", "",
    ])
  func exitCode(value: String) throws {
    let rest = "'\(value)' is not accepted; it takes FROM or FROM:TO, exit statuses from 0 to 255\n"
    let message = "swinit: option '--exit-code': \(rest)"
    #expect(try call(words: ["-e", value, "true"]).refusal == message)
    #expect(try call(words: ["--exit-code", value, "true"]).refusal == message)
    #expect(try call(words: ["--exit-code=\(value)", "true"]).refusal == message)
    if !value.isEmpty {
      #expect(try call(words: ["-e\(value)", "true"]).refusal == message)
      let variables = ["SWINIT_EXIT_CODE=\(value)"]
      let refusal = try call(words: ["true"], variables: variables).refusal
      #expect(refusal == "swinit: environment variable 'SWINIT_EXIT_CODE': \(rest)")
    }
  }

  @Test(
    "An invalid rewrite is refused",
    arguments: [
      "TERM", "TERM:", ":TERM", ":", "TERM:QUIT:INT", "TERM:65", "TERM:-1", "0:TERM", "65:TERM",
      "none:TERM", "TERM=QUIT", "TERM:QUIT,", ",TERM:QUIT", "TERM:QUIT HUP:0", "NONSENSE:TERM",
      "TERM:NONSENSE", "TERM:00", "TERM:nobody", "KILL:TERM", "STOP:TERM", "CHLD:TERM", "9:0", "",
    ])
  func rewrite(value: String) throws {
    let rest = "'\(value)' is not accepted; it takes FROM:TO, two signals, or FROM:0 to drop FROM\n"
    let message = "swinit: option '--rewrite': \(rest)"
    #expect(try call(words: ["--rewrite=\(value)", "true"]).refusal == message)
    if !value.isEmpty {
      let refusal = try call(words: ["true"], variables: ["SWINIT_REWRITE=\(value)"]).refusal
      #expect(refusal == "swinit: environment variable 'SWINIT_REWRITE': \(rest)")
    }
  }

  @Test(
    "An invalid signal is refused",
    arguments: ["0", "65", "-15", "TERM:QUIT", "TERMS", "SIG", "none", "RTMIN+31", "1 ", ""])
  func parentDeathSignal(value: String) throws {
    let rest =
      "'\(value)' is not accepted; it takes a signal: a name such as TERM or RTMIN+3, or a number "
      + "from 1 to 64\n"
    let message = "swinit: option '--parent-death-signal': \(rest)"
    #expect(try call(words: ["--parent-death-signal=\(value)", "true"]).refusal == message)
    if !value.isEmpty {
      let variables = ["SWINIT_PARENT_DEATH_SIGNAL=\(value)"]
      let refusal = try call(words: ["true"], variables: variables).refusal
      #expect(refusal == "swinit: environment variable 'SWINIT_PARENT_DEATH_SIGNAL': \(rest)")
    }
  }

  @Test(
    "A parent-death signal that would stop swinit, or have no effect, is refused as that mistake",
    arguments: [
      ("STOP", true), ("sigstop", true), ("19", true), ("CHLD", false), ("SIGCHLD", false),
      ("CLD", false), ("17", false),
    ])
  func unfitParentDeathSignal(value: String, stops: Bool) throws {
    let reason =
      stops
      ? "would stop swinit itself, for good" : "is never forwarded, so it would have no effect"
    let rest = "'\(value)' \(reason); choose another signal, such as TERM\n"
    #expect(
      try call(words: ["-p", value, "true"]).refusal
        == "swinit: option '--parent-death-signal': \(rest)")
    #expect(
      try call(words: ["true"], variables: ["SWINIT_PARENT_DEATH_SIGNAL=\(value)"]).refusal
        == "swinit: environment variable 'SWINIT_PARENT_DEATH_SIGNAL': \(rest)")
  }

  @Test("Every signal but STOP and CHLD is accepted as the parent-death signal")
  func fitParentDeathSignal() throws {
    for number in 1...64 where number != 17 && number != 19 {
      #expect(try call("-p \(number) true").meaning == "parent-death-signal \(number)")
    }
  }

  @Test(
    "An invalid duration is refused",
    arguments: [
      "x", "s", "-1", "+1", "1.5", "1 s", "10S", "1d", "1ms1", "0x1", "inf", "Infinity",
      "infinity ", "1000000001", "99999999999999999999", "",
    ])
  func killAfter(value: String) throws {
    let rest =
      "'\(value)' is not accepted; "
      + "it takes a duration such as 10, 10s, 500ms, 2m, 1h or infinity\n"
    let message = "swinit: option '--kill-after': \(rest)"
    #expect(try call(words: ["--kill-after=\(value)", "true"]).refusal == message)
    if !value.isEmpty {
      let refusal = try call(words: ["true"], variables: ["SWINIT_KILL_AFTER=\(value)"]).refusal
      #expect(refusal == "swinit: environment variable 'SWINIT_KILL_AFTER': \(rest)")
    }
  }

  @Test(
    "An invalid environment variable is refused by its name",
    arguments: [
      ("SWINIT_SINGLE_CHILD=yes", "1 or 0"),
      ("SWINIT_SINGLE_CHILD=01", "1 or 0"),
      ("SWINIT_WARN_REAPED=true", "1 or 0"),
      ("SWINIT_VERBOSITY=10", "a number from 0 to 9"),
      ("SWINIT_VERBOSITY=-1", "a number from 0 to 9"),
      ("TINI_VERBOSITY=x", "a number from 0 to 9"),
      ("SWINIT_LOG_FORMAT=xml", "text or json"),
      ("SWINIT_ZOMBIE_CHECK=x", "a duration such as 10, 10s, 500ms, 2m, 1h or infinity"),
    ])
  func variable(variable: String, accepted: String) throws {
    let parts = variable.split(separator: "=")
    #expect(
      try call("true", with: variable).refusal
        == "swinit: environment variable '\(parts[0])': '\(parts[1])' is not accepted; "
        + "it takes \(accepted)\n")
  }

  @Test("An invalid environment variable is refused even if an option overrides it")
  func overruledVariable() throws {
    let refusal = try call("-v true", with: "SWINIT_VERBOSITY=x").refusal
    #expect(
      refusal == "swinit: environment variable 'SWINIT_VERBOSITY': 'x' is not accepted; "
        + "it takes a number from 0 to 9\n")
  }

  @Test("A command line without a command is refused", arguments: ["", "--", "-w", "-e 1 --"])
  func noCommand(words: String) throws {
    #expect(
      try call(words).refusal
        == "swinit: no COMMAND to run\n"
        + "usage: swinit [OPTIONS] [--] COMMAND [ARG...]; 'swinit --help' tells more\n")
  }

  @Test("A command line without even a program name is refused as one without a command")
  func noArguments() throws {
    let invocation = Invocation(
      arguments: CStringArray([]), environment: Environment(CStringArray([])))
    #expect(try invocation.refusal == call("").refusal)
  }

  @Test(
    "A command after --pause is refused", arguments: ["-P true", "--pause -- true", "-wP true -v"])
  func commandWithPause(words: String) throws {
    #expect(
      try call(words).refusal
        == "swinit: option '--pause' takes no COMMAND, but was given 'true'\n")
  }

  @Test("The message about a very long value keeps its end")
  func longValue() throws {
    let value = String(repeating: "9\n", count: 50_000)
    #expect(
      try call(words: ["-e", value, "true"]).refusal
        .hasSuffix("...' is not accepted; it takes FROM or FROM:TO, exit statuses from 0 to 255\n"))
  }

  @Test("A value cannot forge a line of the message about it")
  func escapes() throws {
    #expect(
      try call(words: ["-e", "1\nswinit: all is well", "true"]).refusal
        == "swinit: option '--exit-code': '1\\nswinit: all is well' is not accepted; "
        + "it takes FROM or FROM:TO, exit statuses from 0 to 255\n")
  }
}
