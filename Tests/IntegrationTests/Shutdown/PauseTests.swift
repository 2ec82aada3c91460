import Glibc
import TestSupport
import Testing

@Suite struct PauseTests {
  /// `--pause` runs nothing, reaps, and exits 0 on TERM or INT and on nothing else.
  @Test(arguments: Place.available, [SIGTERM, SIGINT])
  func ends(at place: Place, by signal: Int32) throws {
    let run = try Run.swinit(
      "--pause", at: place, birth: ["sh", "-c", "true & true & exec \"$@\"", "sh"])
    let swinit = try run.swinit()
    try run.wait(until: "no child is left") { ProcessTable().children(of: swinit).isEmpty }
    for signal in [SIGHUP, SIGUSR1, SIGQUIT, SIGALRM, 34] { try run.signal(signal) }
    try run.signal(signal)
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(0)))
  }

  /// It reaps what comes to it later, as PID 1 of a pod.
  @Test(.needs(.root), .needs(.namespaces)) func reapsTheOrphansOfAPod() throws {
    let run = try Run.swinit("-Pvv", at: .processOne)
    let swinit = try run.swinit()
    try run.wait(until: "it waits") { waitsForEver(swinit) }
    let container = try Run([
      "nsenter", "-t", "\(swinit)", "-p", "-m", "sh", "-c", "(sh -c 'exit 3' &)",
    ])
    try container.expect(ending: .exited(0))
    let line = try run.errorLine()
    #expect(line.contains(/^swinit: reaped process \d+: exited with status 3$/))
  }
}
