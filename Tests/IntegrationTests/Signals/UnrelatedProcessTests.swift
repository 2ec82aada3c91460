import Glibc
import TestSupport
import Testing

@Suite("Processes that are not descendants of swinit", .mostlyWaits) struct UnrelatedProcessTests {
  @Test(
    "Another member of swinit's own process group receives no signal from swinit",
    arguments: Place.available)
  func neighbourInGroup(at place: Place) throws {
    let run = try Run.swinit(
      "sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 1000 & wait; done", at: place)
    try run.expect(line: "ready")
    try run.signal(SIGURG)
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(5))
    #expect(run.straySignals() == [])
  }

  @Test(
    "A process that an engine starts beside PID 1 receives no signal from swinit", .needs(.root),
    .needs(.namespaces))
  func neighbourInNamespace() throws {
    let run = try Run.swinit(probe, "members", "1", at: .processOne)
    try run.expect(line: "0 ready")
    let neighbour = try Run([
      "nsenter", "-t", "\(run.swinit())", "-p", "-m", probe, "members", "1",
    ])
    try neighbour.expect(line: "0 ready")
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGUSR1] {
      try run.signal(signal)
      try run.expect(line: "0 \(signal)")
    }
    // Its first line is this one, so it received nothing before.
    let command = try neighbour.wait(for: "the other process") {
      ProcessTable().descendants(of: neighbour.nest).first { $0.name == "Probe" }?.id
    }
    try check(kill(command, SIGUSR2))
    try neighbour.expect(line: "0 \(SIGUSR2)")
  }
}
