import TestSupport
import Testing

/// Each file that is released does its work on a machine that it is for: as PID 1 of the kernel of
/// its architecture, or of a PID namespace where this machine's kernel runs it.
@Suite(.serialized) struct ReleaseTests {
  @Test(arguments: Architecture.allCases) func works(on architecture: Architecture) throws {
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
