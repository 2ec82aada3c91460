import Testing

extension EngineTests {
  @Suite struct `interactive terminal` {
    @Test(arguments: engines(with: .terminal))
    func `^C ends a program that doesn't catch it, and only swinit says how`(
      engine: any Engine
    ) throws {
      let command = ["sh", "-c", "echo ready; exec sleep 1000"]
      let spec = Spec(
        command: command, variables: ["SWINIT_EXIT_CODE=130:3"], hasTerminal: true)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        try container.type("\u{3}")
        #expect(try container.wait() == 3)
      }
    }
  }
}
