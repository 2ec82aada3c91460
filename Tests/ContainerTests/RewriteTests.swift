import Glibc
import Testing

@Suite struct RewriteTests {
  /// `--rewrite FROM:TO` forwards FROM as TO; `0` or `none` drops it.
  @Test(
    arguments: [
      (["-r", "TERM:QUIT"], [SIGTERM, SIGHUP], ["0 3", "0 1"]),
      (["-r", "HUP:0"], [SIGHUP, SIGUSR1], ["0 10"]),
      (["-r", "SIGHUP:none"], [SIGHUP, SIGUSR1], ["0 10"]),
      (["-rRTMIN+3:INT"], [37, 38], ["0 2", "0 38"]),
      (["--rewrite=15:3", "--rewrite", "3:15"], [SIGTERM, SIGQUIT], ["0 3", "0 15"]),
      (["-r", "TERM:INT", "-r", "INT:USR1"], [SIGTERM, SIGINT], ["0 2", "0 10"]),
      (["-r", "32:33", "-r", "RTMAX:RTMIN"], [32, 64], ["0 33", "0 34"]),
    ] as [([String], [Int32], [String])])
  func isObeyed(options: [String], signals: [Int32], lines: [String]) throws {
    let run = try Run([Swinit.path] + options + ["--", probe, "members", "1"])
    try expect(lines, of: signals, to: run)
  }

  /// As PID 1 too.
  @Test(.needs(.namespaces)) func isObeyedAsPID1() throws {
    let run = try Run.swinit(
      "-r", "TERM:QUIT", "-r", "HUP:0", probe, "members", "1", at: .processOne)
    try expect(["0 3", "0 10"], of: [SIGTERM, SIGHUP, SIGUSR1], to: run)
  }

  /// `SWINIT_REWRITE` takes a list, which the command line overrules.
  @Test func isObeyedInTheEnvironment() throws {
    let run = try Run.swinit(
      "-r", "USR1:USR2", probe, "members", "1", at: .plain,
      environment: ["SWINIT_REWRITE=TERM:QUIT,HUP:0,USR1:0"])
    try expect(["0 3", "0 12"], of: [SIGTERM, SIGHUP, SIGUSR1], to: run)
  }

  private func expect(_ lines: [String], of signals: [Int32], to run: Run) throws {
    try #require(try run.line() == "0 ready")
    var left = lines[...]
    for signal in signals {
      try run.signal(signal)
      // What is dropped is followed by something that isn't.
      if left.count > 0 && !isDropped(signal, in: signals, lines) {
        #expect(try run.line() == left.removeFirst())
      }
    }
    #expect(left == [])
  }

  private func isDropped(_ signal: Int32, in signals: [Int32], _ lines: [String]) -> Bool {
    signals.count > lines.count && signal == SIGHUP
  }
}
