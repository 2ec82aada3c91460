import Supervision
import Testing

@Suite("The environment")
struct EnvironmentTests {
  @Test(
    "Each environment variable sets its option",
    arguments: [
      ("SWINIT_KILL_AFTER=500ms", "kill-after 500 ms"),
      ("SWINIT_KILL_AFTER=infinity", "kill-after infinity"),
      ("SWINIT_SINGLE_CHILD=1", "single-child"),
      ("SWINIT_SINGLE_CHILD=0", ""),
      ("SWINIT_SINGLE_CHILD=TRUE", "single-child"),
      ("SWINIT_SINGLE_CHILD=yes", "single-child"),
      ("SWINIT_SINGLE_CHILD=On", "single-child"),
      ("SWINIT_SINGLE_CHILD=False", ""),
      ("SWINIT_SINGLE_CHILD=NO", ""),
      ("SWINIT_SINGLE_CHILD=off", ""),
      ("SWINIT_PARENT_DEATH_SIGNAL=SIGTERM", "parent-death-signal 15"),
      ("SWINIT_EXIT_CODE=143", "exit-code 143:0"),
      ("SWINIT_EXIT_CODE=143:7", "exit-code 143:7"),
      ("SWINIT_EXIT_CODE=143,130:1", "exit-code 130:1, exit-code 143:0"),
      ("SWINIT_REWRITE=TERM:QUIT", "rewrite 15:3"),
      ("SWINIT_REWRITE=TERM:QUIT,HUP:none", "rewrite 1:0, rewrite 15:3"),
      ("SWINIT_WARN_REAPED=1", "warn-reaped"),
      ("SWINIT_WARN_REAPED=0", ""),
      ("SWINIT_VERBOSITY=0", ""),
      ("SWINIT_VERBOSITY=1", "verbosity 1"),
      ("SWINIT_VERBOSITY=2", "verbosity 2"),
      ("SWINIT_VERBOSITY=9", "verbosity 9"),
      ("SWINIT_LOG_FORMAT=json", "log-format json"),
      ("SWINIT_LOG_FORMAT=text", ""),
      ("SWINIT_TERMINATION_LOG=/tmp/log", "termination-log /tmp/log"),
      ("SWINIT_TERMINATION_LOG=1", "termination-log /dev/termination-log"),
      ("SWINIT_TERMINATION_LOG=yes", "termination-log /dev/termination-log"),
      ("SWINIT_TERMINATION_LOG=0", ""),
      ("SWINIT_TERMINATION_LOG=off", ""),
      ("SWINIT_EXIT_CODE=143,130:1,", "exit-code 130:1, exit-code 143:0"),
      ("SWINIT_ZOMBIE_CHECK=1m", "zombie-check 60000 ms"),
      ("SWINIT_ZOMBIE_CHECK=infinity", ""),
      ("TINI_KILL_PROCESS_GROUP=1", ""),
      ("TINI_SUBREAPER=1", ""),
      ("TINI_VERBOSITY=0", ""),
      ("TINI_VERBOSITY=1", ""),
      ("TINI_VERBOSITY=2", "verbosity 1"),
      ("TINI_VERBOSITY=3", "verbosity 2"),
      ("DUMB_INIT_SETSID=0", "single-child"),
      ("DUMB_INIT_SETSID=1", ""),
      ("DUMB_INIT_DEBUG=1", "verbosity 1"),
      ("DUMB_INIT_DEBUG=0", ""),
    ])
  func variable(variable: String, meaning: String) throws {
    #expect(try call("true", with: variable).meaning == meaning)
  }

  @Test(
    "An option overrides the environment",
    arguments: [
      ("-k 1m", "SWINIT_KILL_AFTER=infinity", "kill-after 60000 ms"),
      ("-g", "SWINIT_SINGLE_CHILD=1", ""),
      ("-g", "DUMB_INIT_SETSID=0", ""),
      ("-c", "SWINIT_SINGLE_CHILD=0", "single-child"),
      ("-c", "TINI_KILL_PROCESS_GROUP=1", "single-child"),
      ("-c", "DUMB_INIT_SETSID=1", "single-child"),
      ("-p HUP", "SWINIT_PARENT_DEATH_SIGNAL=TERM", "parent-death-signal 1"),
      ("-e 143:5", "SWINIT_EXIT_CODE=143", "exit-code 143:5"),
      ("-e 143:143", "SWINIT_EXIT_CODE=143", ""),
      ("-e 1", "SWINIT_EXIT_CODE=143", "exit-code 1:0, exit-code 143:0"),
      ("-r TERM:INT", "SWINIT_REWRITE=TERM:QUIT", "rewrite 15:2"),
      ("-r TERM:TERM", "SWINIT_REWRITE=TERM:0", ""),
      ("-r HUP:0", "SWINIT_REWRITE=TERM:QUIT", "rewrite 1:0, rewrite 15:3"),
      ("-w", "SWINIT_WARN_REAPED=0", "warn-reaped"),
      ("-v", "SWINIT_VERBOSITY=3", "verbosity 1"),
      ("-vv", "SWINIT_VERBOSITY=0", "verbosity 2"),
      ("-vv", "TINI_VERBOSITY=5", "verbosity 2"),
      ("--log-format text", "SWINIT_LOG_FORMAT=json", ""),
      ("--termination-log=/a", "SWINIT_TERMINATION_LOG=/b", "termination-log /a"),
      ("--zombie-check 1s", "SWINIT_ZOMBIE_CHECK=1m", "zombie-check 1000 ms"),
    ])
  func commandLineFirst(words: String, variables: String, meaning: String) throws {
    #expect(try call("\(words) true", with: variables).meaning == meaning)
  }

  @Test(
    "swinit's own variables override tini's, and those override dumb-init's, in any order",
    arguments: [
      ("SWINIT_SINGLE_CHILD=1", "TINI_KILL_PROCESS_GROUP=1", "single-child"),
      ("SWINIT_SINGLE_CHILD=1", "DUMB_INIT_SETSID=1", "single-child"),
      ("SWINIT_SINGLE_CHILD=0", "DUMB_INIT_SETSID=0", ""),
      ("TINI_KILL_PROCESS_GROUP=", "DUMB_INIT_SETSID=0", ""),
      ("SWINIT_VERBOSITY=0", "TINI_VERBOSITY=3", ""),
      ("SWINIT_VERBOSITY=0", "DUMB_INIT_DEBUG=1", ""),
      ("TINI_VERBOSITY=1", "DUMB_INIT_DEBUG=1", ""),
      ("TINI_VERBOSITY=3", "DUMB_INIT_DEBUG=1", "verbosity 2"),
    ])
  func precedence(stronger: String, weaker: String, meaning: String) throws {
    #expect(try call("true", with: "\(stronger) \(weaker)").meaning == meaning)
    #expect(try call("true", with: "\(weaker) \(stronger)").meaning == meaning)
  }

  @Test(
    "An empty environment variable counts as unset",
    arguments: [
      "SWINIT_KILL_AFTER", "SWINIT_SINGLE_CHILD", "SWINIT_PARENT_DEATH_SIGNAL", "SWINIT_EXIT_CODE",
      "SWINIT_REWRITE", "SWINIT_WARN_REAPED", "SWINIT_VERBOSITY", "SWINIT_LOG_FORMAT",
      "SWINIT_TERMINATION_LOG", "SWINIT_ZOMBIE_CHECK", "TINI_VERBOSITY", "TINI_SUBREAPER",
      "TINI_KILL_PROCESS_GROUP", "DUMB_INIT_SETSID", "DUMB_INIT_DEBUG",
    ])
  func empty(name: String) throws {
    #expect(try call("true", with: "\(name)=").meaning == "")
  }

  @Test(
    "Environment variables that are not swinit's are ignored",
    arguments: [
      "", "=", "=1", "SWINIT_", "SWINIT_=1", "SWINIT_VERBOSITY", "SWINIT_VERBOSITYX=x",
      "SWINIT_NONSENSE=x", "swinit_verbosity=x", "XSWINIT_VERBOSITY=x", "TINI_NONSENSE=x",
      "DUMB_INIT_NONSENSE=x", "VERBOSITY=1", "D=", "L", "P", "S=\u{1}", "T=T=T",
    ])
  func others(variable: String) throws {
    #expect(try call(words: ["true"], variables: [variable]).meaning == "")
  }

  @Test("The first of two environment variables with one name counts")
  func twice() throws {
    let variables = "SWINIT_VERBOSITY=2 SWINIT_VERBOSITY=nonsense"
    #expect(try call("true", with: variables).meaning == "verbosity 2")
  }

  @Test("The search path is the value of PATH")
  func path() {
    #expect(Environment(CStringArray([])).path == nil)
    #expect(Environment(CStringArray(["PATHS=/a", "PATH"])).path == nil)
    #expect(Environment(CStringArray(["PATH="])).path?.string == "")
    #expect(Environment(CStringArray(["A=1", "PATH=/a:=b", "PATH=/c"])).path?.string == "/a:=b")
  }

  @Test(
    "The command gets every variable in the same order, except each SWINIT_TERMINATION_LOG",
    arguments: [
      [], ["SWINIT_TERMINATION_LOG=/a"], ["SWINIT_TERMINATION_LOG="], ["SWINIT_TERMINATION_LOG"],
      ["A=1", "SWINIT_TERMINATION_LOG=/a", "B=2"],
      [
        "SWINIT_TERMINATION_LOG=/a", "A=1", "", "SWINIT_TERMINATION_LOG=/b",
        "SWINIT_TERMINATION_LOG=", "SWINIT_TERMINATION_LOGS=/c", "XSWINIT_TERMINATION_LOG=/d",
        "SWINIT_VERBOSITY=1", "LISTEN_PID=12", "SWINIT_TERMINATION_LOG=/e",
        "WATCHDOG_PID=12",
      ],
    ])
  func ownVariables(variables: [String]) throws {
    let strings = CStringArray(variables)
    var environment = Environment(strings)
    let log = Invocation(arguments: CStringArray(["swinit", "true"]), environment: environment)
      .options.terminationLog
    environment.removeOwnVariables()
    let owners = environment.ownerVariables { ProcessID(rawValue: 12) }
    let prefix = "SWINIT_TERMINATION_LOG="
    let kept = variables.filter { !$0.hasPrefix(prefix) }
    // The array is read again, up to its NULL.
    let after = unsafe CStringArray(strings.pointer)
    #expect((0..<after.count).map { after[$0]?.string } == kept)
    #expect(owners.listenPID == kept.firstIndex { $0.hasPrefix("LISTEN_PID=") })
    #expect(owners.watchdogPID == kept.firstIndex { $0.hasPrefix("WATCHDOG_PID=") })
    // What was read before remains valid.
    let first = variables.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count)
    #expect(log?.string == (first?.isEmpty == true ? nil : first.map(String.init)))
  }

  @Test("LISTEN_PID and WATCHDOG_PID are found with their indices where they name swinit")
  func ownerVariables() {
    let ownID = { ProcessID(rawValue: 12) }
    let none = Environment(CStringArray(["LISTEN_PIDS=12", "LISTEN_FDS=12", "WATCHDOG_USEC=12"]))
    #expect(none.ownerVariables(naming: ownID).isEmpty)
    let found = Environment(
      CStringArray(["A=1", "LISTEN_PID=12", "LISTEN_PID=13", "WATCHDOG_PID=12"])
    )
    .ownerVariables(naming: ownID)
    #expect(found.listenPID == 1)
    #expect(found.watchdogPID == 3)
    let others = Environment(CStringArray(["LISTEN_PID=13", "WATCHDOG_PID=12x"]))
    #expect(others.ownerVariables(naming: ownID).isEmpty)
  }
}
