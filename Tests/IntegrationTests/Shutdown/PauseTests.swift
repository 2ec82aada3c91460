import Glibc
import TestSupport
import Testing

@Suite("The --pause option", .mostlyWaits) struct PauseTests {
  @Test(
    "--pause runs nothing, reaps its children, and exits with 0 on SIGTERM or SIGINT alone",
    arguments: Place.available, [SIGTERM, SIGINT])
  func exitsOnStopSignal(at place: Place, by signal: Int32) throws {
    let run = try Run.swinit(
      "--pause", at: place, launcher: ["sh", "-c", "true & true & exec \"$@\"", "sh"])
    let swinit = try run.swinit()
    try run.wait(until: "no child is left") { ProcessTable().children(of: swinit).isEmpty }
    for signal in [SIGHUP, SIGUSR1, SIGQUIT, SIGALRM, 34] { try run.signal(signal) }
    try run.signal(signal)
    let outcome = try run.outcome()
    #expect(outcome == Outcome(ending: .exited(0)))
  }

  @Test(
    "--pause as PID 1 of a pod reaps the orphans that it adopts later", .needs(.root),
    .needs(.namespaces))
  func adoptedOrphans() throws {
    let run = try Run.swinit("-Pvv", at: .processOne)
    let swinit = try run.swinit()
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    let container = try Run([
      "nsenter", "-t", "\(swinit)", "-p", "-m", "sh", "-c", "(sh -c 'exit 3' &)",
    ])
    try container.expect(ending: .exited(0))
    try run.expect(errorLine: "swinit: pausing: reaping orphans until a stop signal")
    let line = try run.errorLine()
    #expect(line.contains(/^swinit: reaped process \d+, which exited with status 3$/))
  }
}
