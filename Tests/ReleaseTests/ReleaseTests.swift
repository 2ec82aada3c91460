import TestSupport
import Testing

/// Each released file runs as PID 1 of a kernel of its architecture, or of a PID namespace if this
/// machine's kernel can run it.
@Suite("Released files", .serialized) struct ReleaseTests {
  @Test(
    "Each released file passes all scenarios on a machine of its architecture",
    arguments: Architecture.allCases)
  func scenarios(on architecture: Architecture) throws {
    for need in architecture.needs where !need.isMet {
      guard !isCI else { throw need }
      try Test.cancel("\(need)")
    }
    let scenarios = Scenario.all.filter { !$0.isForKernel || architecture.emulation != nil }
    let (outputs, status) = try Machine(architecture, running: scenarios).run()
    for (index, scenario) in scenarios.enumerated() {
      #expect(outputs[index] == scenario.output, "\(scenario.name)")
    }
    #expect(status == 7)
  }
}
