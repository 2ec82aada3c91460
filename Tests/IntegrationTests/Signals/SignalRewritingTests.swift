import Glibc
import TestSupport
import Testing

@Suite("Signal rewriting", .mostlyWaits) struct SignalRewritingTests {
  @Test(
    "--rewrite FROM:TO forwards FROM as TO, and --rewrite FROM:0 drops it",
    arguments: [
      (["-r", "TERM:QUIT"], [(SIGTERM, "0 3"), (SIGHUP, "0 1")]),
      (["-r", "HUP:0"], [(SIGHUP, nil), (SIGUSR1, "0 10")]),
      (["-r", "SIGHUP:none"], [(SIGHUP, nil), (SIGUSR1, "0 10")]),
      (["-rRTMIN+3:INT"], [(37, "0 2"), (38, "0 38")]),
      (["--rewrite=15:3", "--rewrite", "3:15"], [(SIGTERM, "0 3"), (SIGQUIT, "0 15")]),
      (["-r", "TERM:INT", "-r", "INT:USR1"], [(SIGTERM, "0 2"), (SIGINT, "0 10")]),
      (["-r", "32:33", "-r", "RTMAX:RTMIN"], [(32, "0 33"), (64, "0 34")]),
    ] as [([String], [Step])])
  func options(options: [String], steps: [Step]) throws {
    try expect(steps, of: Run([Swinit.path] + options + ["--", probe, "members", "1"]))
  }

  @Test("PID 1 rewrites and drops signals as --rewrite says", .needs(.namespaces))
  func asPID1() throws {
    let run = try Run.swinit(
      "-r", "TERM:QUIT", "-r", "HUP:0", probe, "members", "1", at: .processOne)
    try expect([(SIGTERM, "0 3"), (SIGHUP, nil), (SIGUSR1, "0 10")], of: run)
  }

  @Test("SWINIT_REWRITE takes a list of rules, which --rewrite overrides")
  func environmentVariable() throws {
    let run = try Run.swinit(
      "-r", "USR1:USR2", probe, "members", "1", at: .plain,
      environment: ["SWINIT_REWRITE=TERM:QUIT,HUP:0,USR1:0"])
    try expect([(SIGTERM, "0 3"), (SIGHUP, nil), (SIGUSR1, "0 12")], of: run)
  }

  /// A signal to send, and the line that the command prints when it receives it: none for a signal
  /// that is dropped, which the next line shows.
  typealias Step = (signal: Int32, line: String?)

  private func expect(
    _ steps: [Step], of run: Run, _ location: SourceLocation = #_sourceLocation
  ) throws {
    try run.expect(line: "0 ready", location)
    for step in steps {
      try run.signal(step.signal, location)
      if let line = step.line { try run.expect(line: line, location) }
    }
  }
}
