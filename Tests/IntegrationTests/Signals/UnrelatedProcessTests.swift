import Glibc
import TestSupport
import Testing

@Suite struct UnrelatedProcessTests {
  /// A process that isn't a descendant gets no signal from swinit: neither a neighbour in swinit's
  /// own group, whatever is sent to swinit, nor when COMMAND leaves.
  @Test(arguments: Place.available)
  func isLeftAlone(at place: Place) throws {
    let run = try Run.swinit(
      "sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 1000 & wait; done", at: place)
    try run.expect(line: "ready")
    try run.signal(SIGURG)
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(5))
    #expect(run.straySignals() == [])
  }

  /// Nor does what an engine puts in beside swinit, when swinit is PID 1.
  @Test(.needs(.root), .needs(.namespaces)) func isLeftAloneInTheNamespace() throws {
    let run = try Run.swinit(probe, "members", "1", at: .processOne)
    try run.expect(line: "0 ready")
    let bystander = try Run([
      "nsenter", "-t", "\(run.swinit())", "-p", "-m", probe, "members", "1",
    ])
    try bystander.expect(line: "0 ready")
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGUSR1] {
      try run.signal(signal)
      try run.expect(line: "0 \(signal)")
    }
    // A second command that is signalled by itself shows that the first of its lines is this one.
    let command = try bystander.wait(for: "the bystander") {
      ProcessTable().descendants(of: bystander.nest).first { $0.name == "Probe" }?.id
    }
    try check(kill(command, SIGUSR2))
    try bystander.expect(line: "0 \(SIGUSR2)")
  }
}
