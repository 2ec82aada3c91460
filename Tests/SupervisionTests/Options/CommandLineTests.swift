import Supervision
import Testing

@Suite("Parsing of the command line")
struct CommandLineTests {
  @Test(
    "Each option is set by its letter and by its name",
    arguments: [
      ("-k 10", "--kill-after 10", "kill-after 10000 ms"),
      ("-k10s", "--kill-after=10s", "kill-after 10000 ms"),
      ("-c", "--single-child", "single-child"),
      ("-g", "--group", ""),
      ("-s", "--subreaper", ""),
      ("-w", "--warn-reaped", "warn-reaped"),
      ("-v", "--verbose", "verbosity 1"),
      ("-e 143", "--exit-code 143", "exit-code 143:0"),
      ("-e143", "--exit-code=143", "exit-code 143:0"),
      ("-e 143:7", "--exit-code 143:7", "exit-code 143:7"),
      ("-e143:7", "--exit-code=143:7", "exit-code 143:7"),
      ("-r TERM:QUIT", "--rewrite TERM:QUIT", "rewrite 15:3"),
      ("-rTERM:QUIT", "--rewrite=TERM:QUIT", "rewrite 15:3"),
      ("-r HUP:0", "--rewrite HUP:none", "rewrite 1:0"),
      ("-p TERM", "--parent-death-signal TERM", "parent-death-signal 15"),
      ("-pTERM", "--parent-death-signal=TERM", "parent-death-signal 15"),
    ])
  func option(letter: String, name: String, meaning: String) throws {
    #expect(try call("\(letter) true").meaning == meaning)
    #expect(try call("\(name) true").meaning == meaning)
  }

  @Test(
    "Each long-only option is set by its name",
    arguments: [
      ("--log-format text", ""),
      ("--log-format json", "log-format json"),
      ("--log-format=json", "log-format json"),
      ("--log-format json --log-format text", ""),
      ("--termination-log", "termination-log /dev/termination-log"),
      ("--termination-log=/tmp/log", "termination-log /tmp/log"),
      ("--termination-log=/tmp/log --termination-log", "termination-log /dev/termination-log"),
      ("--zombie-check 60s", "zombie-check 60000 ms"),
      ("--zombie-check=500ms", "zombie-check 500 ms"),
      ("--zombie-check 0", ""),
      ("--zombie-check infinity", ""),
    ])
  func nameOnly(words: String, meaning: String) throws {
    #expect(try call("\(words) true").meaning == meaning)
  }

  @Test(
    "The default options apply to a command line without options", arguments: ["true", "-- true"])
  func defaults(words: String) throws {
    #expect(try call(words).meaning == "")
  }

  @Test(
    "Letters cluster, and the last one of a cluster may take a value",
    arguments: [
      ("-vvw", "warn-reaped, verbosity 2"),
      ("-cv", "single-child, verbosity 1"),
      ("-sgwvvv", "warn-reaped, verbosity 3"),
      ("-we143", "exit-code 143:0, warn-reaped"),
      ("-we 143", "exit-code 143:0, warn-reaped"),
      ("-cvpHUP", "single-child, parent-death-signal 1, verbosity 1"),
      ("-crTERM:INT", "single-child, rewrite 15:2"),
    ])
  func clusters(words: String, meaning: String) throws {
    #expect(try call("\(words) true").meaning == meaning)
  }

  @Test(
    "Repeated options accumulate, and the last of contradictory ones counts",
    arguments: [
      ("-v -v -v", "verbosity 3"),
      ("-v --verbose -v", "verbosity 3"),
      ("-e 1 -e 2:3", "exit-code 1:0, exit-code 2:3"),
      ("-e 1 -e 1:9", "exit-code 1:9"),
      ("-e 1:9 -e 1:1", ""),
      ("-e 1,2:3", "exit-code 1:0, exit-code 2:3"),
      ("-r 1:2 -r 2:1", "rewrite 1:2, rewrite 2:1"),
      ("-r TERM:QUIT -r TERM:INT", "rewrite 15:2"),
      ("-r TERM:0 -r TERM:TERM", ""),
      ("-r 1:2,2:1", "rewrite 1:2, rewrite 2:1"),
      ("-k infinity -k 0", "kill-after 0 ms"),
      ("-p TERM -p HUP", "parent-death-signal 1"),
      ("-c -g", ""),
      ("-g -c", "single-child"),
      ("-cgc", "single-child"),
    ])
  func repetition(words: String, meaning: String) throws {
    #expect(try call("\(words) true").meaning == meaning)
  }

  @Test(
    "The options end at the first word that is not one",
    arguments: [
      (["true"], 1),
      (["true", "-c"], 1),
      (["sh", "-c", "exit"], 1),
      (["-w", "sh", "-c", "exit"], 2),
      (["-e", "143", "java", "-jar", "app.jar"], 3),
      (["-e143", "java"], 2),
      (["-"], 1),
      (["-w", "-"], 2),
      ([""], 1),
      (["--", "true"], 2),
      (["-w", "--", "true"], 3),
      (["--", "-c"], 2),
      (["--", "--"], 2),
      (["--", "--help"], 2),
      (["true", "--"], 1),
      (["--exit-code", "1", "--", "-v"], 4),
      (["--termination-log", "true"], 2),
    ] as [([String], Int)])
  func command(words: [String], index: Int) throws {
    #expect(try call(words: words).command == index)
  }

  @Test("The arguments after the command are its own")
  func argumentsOfCommand() throws {
    #expect(try call("sh -c -w --verbose -e 1 --nonsense").meaning == "")
  }

  @Test(
    "A command line with --pause has no command",
    arguments: ["-P", "--pause", "-P --", "--pause -v --"])
  func pause(words: String) throws {
    #expect(try call(words).optionsToRun.pauses)
    #expect(try call(words).command == nil)
  }

  @Test(
    "With --ps processes are listed, whatever other options there are",
    arguments: ["--ps", "--ps --log-format json", "-v --ps", "--ps -k 10s --", "-P --ps"])
  func listOfProcesses(words: String) {
    #expect(call(words).kind == "list")
  }

  @Test("The processes are listed even if an environment variable is invalid")
  func listInWrongEnvironment() {
    #expect(call("--ps", with: "SWINIT_VERBOSITY=x").kind == "list")
  }

  @Test("--ps among the arguments of the command is the command's own")
  func listAsArgument() throws {
    #expect(call("ls --ps").kind == "run")
    #expect(try call("-- --ps").command == 2)
  }

  @Test(
    "--help, --version and --license win over what precedes and follows them",
    arguments: [
      ("-h", "--help", "help", "help"), ("-V", "--version", "own version", "version"),
      ("-l", "--license", "license", "license"),
    ], [("", ""), ("-w ", " true"), ("-cve1 -P ", " --nonsense"), ("-r TERM:0 ", " -e")])
  func results(
    option: (letter: String, name: String, kindOfLetter: String, kind: String),
    around: (String, String)
  ) {
    #expect(call(around.0 + option.letter + around.1).kind == option.kindOfLetter)
    #expect(call(around.0 + option.name + around.1).kind == option.kind)
  }

  @Test("The rest of a cluster is not read after -h, -V or -l")
  func restOfCluster() {
    #expect(call("-wh?").kind == "help")
    #expect(call("-wVh").kind == "own version")
  }

  @Test("A mistake before --help is reported instead of the help")
  func wrongBefore() throws {
    #expect(try call("--nonsense --help").refusal == call("--nonsense").refusal)
  }

  @Test("The help is printed even if an environment variable is invalid")
  func helpInWrongEnvironment() {
    #expect(call("--help", with: "SWINIT_VERBOSITY=x").kind == "help")
  }
}
