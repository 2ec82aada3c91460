import Glibc
import TestSupport
import Testing

@Suite("The --verbose option", .mostlyWaits) struct VerbosityTests {
  @Test(
    "--verbose reports which signal is forwarded to which process, and how the command terminated",
    arguments: [
      (["-v"], []), (["--verbose"], []), ([], ["SWINIT_VERBOSITY=1"]), ([], ["DUMB_INIT_DEBUG=1"]),
      ([], ["TINI_VERBOSITY=2"]),
    ])
  func firstLevel(how: (options: [String], variables: [String])) throws {
    let run = try Run(
      [Swinit.path] + how.options + ["-r", "USR1:USR2", "-r", "HUP:0", "--"] + command,
      environment: ["PATH=\(searchPath)"] + how.variables)
    // 33 has no name. glibc's posix_spawn leaves it ignored in the command.
    let (last, name) = Swinit.isMusl ? (33, "signal 33") : (40, "SIGRTMIN+6") as (Int32, String)
    try run.expect(line: "ready")
    let command = try run.command()
    let sender = "from process \(getpid())"
    try run.expect(errorLine: "swinit: started 'sh' as process \(command)")
    try run.signal(SIGUSR1)
    try run.expect(
      errorLine: "swinit: forwarded SIGUSR1 \(sender) as SIGUSR2 to process group \(command)")
    try run.signal(SIGHUP)
    try run.expect(errorLine: "swinit: dropped SIGHUP \(sender)")
    try run.signal(37)
    try run.expect(errorLine: "swinit: forwarded SIGRTMIN+3 \(sender) to process group \(command)")
    try run.signal(last)
    try run.expect(errorLine: "swinit: forwarded \(name) \(sender) to process group \(command)")
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(128 + last))
    let end = "swinit: 'sh' (process \(command)) was killed by \(name)"
    #expect(outcome.errors.hasPrefix("\(end)\n"))
    #expect(outcome.errors.wholeMatch(of: ending) != nil)
  }

  @Test("A sender that a process can forge is not named", arguments: ["4242424", "kernel"])
  func forgedSender(sender: String) throws {
    let outcome = try Run.swinit("-v", probe, "forge-sender", "10", sender, at: .plain).outcome()
    #expect(outcome.ending == .exited(10))
    let message = "swinit: forwarded SIGUSR1"
    let line = try #require(outcome.errors.split(separator: "\n").first { $0.hasPrefix(message) })
    #expect(line.dropFirst(message.count).wholeMatch(of: /\ to process group \d+/) != nil)
  }

  @Test("--verbose with --single-child names the command as the receiver of a signal")
  func singleChild() throws {
    let run = try Run.swinit("-cv", "--", probe, "members", "1", at: .plain)
    try run.expect(line: "0 ready")
    _ = try run.errorLine()
    try run.signal(SIGTERM)
    try run.expect(
      errorLine: "swinit: forwarded SIGTERM from process \(getpid()) to process \(run.command())")
  }

  @Test(
    "PID 1 with --verbose reports a signal from outside the PID namespace as such",
    .needs(.namespaces))
  func senderOutsideNamespace() throws {
    let run = try Run([Place.processOne.wrapper, [Swinit.path, "-v"], command].flatMap { $0 })
    try run.expect(line: "ready")
    try run.signal(SIGTERM)
    let outcome = try run.outcome()
    let errors = """
      swinit: started 'sh' as process 2
      swinit: forwarded SIGTERM from outside the PID namespace to process group 2

      """
    #expect(outcome.ending == .exited(143))
    #expect(outcome.errors.hasPrefix(errors))
    #expect(outcome.errors.dropFirst(errors.count).wholeMatch(of: ending) != nil)
  }

  @Test(
    "A second --verbose reports every process that is reaped",
    arguments: [(["-vv"], []), ([], ["SWINIT_VERBOSITY=2"]), ([], ["TINI_VERBOSITY=3"])])
  func secondLevel(how: (options: [String], variables: [String])) throws {
    let run = try Run(
      [Swinit.path] + how.options + [probe, "orphan", "setsid"],
      environment: ["PATH=\(searchPath)"] + how.variables)
    let outcome = try run.outcome()
    #expect(outcome.errors.contains(/\nswinit: reaped process \d+, which exited with status 3\n/))
  }

  /// How the command terminated, and the exit report, which does not repeat it.
  private let ending =
    #/
    (?<command> swinit:\ 'sh'\ \(process\ \d+\) )
    \ was\ killed\ by\ (signal\ 33 | SIGRTMIN\+6 | SIGTERM) \n
    \k<command>\ ran\ for\ [0-9.]+m?s;\ peak\ memory\ [0-9.]+\ [KM]iB,\ CPU\ time\ [0-9.]+m?s;
    \ orphans\ reaped:\ 0 \n
    /#

  /// A command that ignores SIGUSR2 and 37.
  private let command = ["sh", "-c", "trap '' USR2 37; echo ready; exec sleep 1000"]
}
