import Foundation
import Supervision
import Testing

@Suite("The messages about invalid command lines")
struct InvalidCommandLineTests {
  private let duration = "expected a duration such as 10s, 1.5s, 500ms, 1m30s or infinity"

  @Test("Every signal but STOP and CHLD may announce the parent's death")
  func parentDeathSignal() throws {
    for number in 1...64 {
      let call = call("-p \(number) true")
      switch number {
      case 17, 19:
        let name = number == 17 ? "SIGCHLD" : "SIGSTOP"
        #expect(
          try call.refusal
            == "swinit: invalid value '\(number)' for '-p': \(name) is never forwarded\n")
      default: #expect(try call.meaning == "parent-death-signal \(number)")
      }
    }
  }

  @Test("A program without even a name has no command either")
  func noArguments() throws {
    let invocation = Invocation(
      arguments: CStringArray([]), environment: Environment(CStringArray([])))
    #expect(try invocation.refusal == call("").refusal)
  }

  @Test("A letter that is no character is escaped")
  func escapedLetter() throws {
    #expect(
      try call("-\u{1b} true").refusal == "swinit: unknown option '-\\x1b'; see 'swinit --help'\n")
  }

  @Test("A value of any length leaves the rest of the message readable")
  func longValue() throws {
    let value = String(repeating: "9\n", count: 50_000)
    let rest = "...' for '-e': expected FROM or FROM:TO, exit statuses from 0 to 255"
    #expect(try call(words: ["-e", value, "true"]).refusal.hasSuffix(rest + "\n"))
  }

  @Test("A value cannot forge a line of its own")
  func escapes() throws {
    #expect(
      try call(words: ["-k", "1\nswinit: all is well", "true"]).refusal
        == "swinit: invalid value '1\\nswinit: all is well' for '-k': \(duration)\n")
  }

  @Test(
    "A usage error obeys the format of messages, from an option before it or from the environment",
    arguments: [
      (["--log-format=json", "-k", "x", "true"], []),
      (["-k", "x", "true"], ["SWINIT_LOG_FORMAT=json"]),
      (["-k", "x", "true"], ["SWINIT_KILL_AFTER=1", "SWINIT_LOG_FORMAT=json"]),
    ] as [([String], [String])])
  func object(words: [String], variables: [String]) throws {
    let invocation = call(words: words, variables: variables)
    #expect(invocation.options.logsObjects)
    guard case .refuse(let error) = invocation.purpose else { throw Unexpected(invocation) }
    #expect(
      error.message(.json(milliseconds: Rehearsal.moment)).line.string
        == #"{"time":"2026-11-21T03:10:24.123Z","level":"error","logger":"swinit","#
        + #""msg":"invalid value 'x' for '-k': \#(duration)","event":"usage_error","value":"x","#
        + #""option":"-k"}"# + "\n")
  }

  @Test("A mistake in one variable is reported in the format that another one asks for")
  func objectForVariable() throws {
    for variables in [
      ["SWINIT_KILL_AFTER=x", "SWINIT_LOG_FORMAT=json"],
      ["SWINIT_LOG_FORMAT=json", "SWINIT_KILL_AFTER=x"],
    ] {
      let invocation = call(words: ["true"], variables: variables)
      #expect(invocation.options.logsObjects)
      guard case .refuse(let error) = invocation.purpose else { throw Unexpected(invocation) }
      #expect(
        error.message(.json(milliseconds: Rehearsal.moment)).line.string.hasSuffix(
          #""event":"usage_error","value":"x","variable":"SWINIT_KILL_AFTER"}"# + "\n"))
    }
  }

  @Test("Each usage error is an object with its sentence, and with the option and the value if any")
  func objects() throws {
    let cases = [
      ("--kill-aftr", #""option":"--kill-aftr""#),
      ("-k", #""option":"-k""#),
      ("-c=1", #""value":"1","option":"-c""#),
      ("-k=10s", #""option":"-k","value":"10s""#),
      ("-e x", #""value":"x","option":"-e""#),
      ("-r TERM:FOO", #""value":"TERM:FOO","option":"-r""#),
      ("-r KILL:TERM", #""value":"KILL:TERM","option":"-r""#),
      ("-P sleep", #""command":"sleep""#),
      ("", ""),
    ]
    for (words, fields) in cases {
      let invocation = call(words)
      guard case .refuse(let error) = invocation.purpose else { throw Unexpected(invocation) }
      let sentence = try invocation.refusal.dropFirst(8).dropLast()
      #expect(
        error.message(.json(milliseconds: Rehearsal.moment)).line.string
          == #"{"time":"2026-11-21T03:10:24.123Z","level":"error","logger":"swinit","#
          + #""msg":"\#(sentence)","event":"usage_error"\#(fields.isEmpty ? "" : ",")\#(fields)}"#
          + "\n")
    }
  }

  @Test("Each misspelt variable is found, and none of those that Kubernetes sets for a Service")
  func misspellings() {
    func found(_ variables: [String]) -> [String] {
      let environment = Environment(CStringArray(variables))
      var index = 0
      var names: [String] = []
      while let name = environment.nextMisspelling(from: &index) { names.append(name.string) }
      return names
    }
    #expect(
      found([
        "A=1", "SWINIT_KILL_AFTR=1", "SWINIT_KILL_AFTER=1", "SWINIT_VERBOSTIY=", "swinit_rewrite=1",
        "TINI_VERBOSITI=1",
      ]) == ["SWINIT_KILL_AFTR", "SWINIT_VERBOSTIY"])
    #expect(
      found([
        "SWINIT_PORT=tcp://10.0.0.1:80", "SWINIT_SERVICE_HOST=10.0.0.1", "SWINIT_SERVICE_PORT=80",
        "SWINIT_PORT_80_TCP=tcp://10.0.0.1:80", "SWINIT_PORT_80_TCP_PROTO=tcp",
        "SWINIT_SERVICE_PORT_HTTP=80", "SWINIT_NONSENSE=1", "SWINIT_=", "SWINIT_VERBOSE=1",
      ]) == [])
    #expect(found([]) == [])
  }
}
