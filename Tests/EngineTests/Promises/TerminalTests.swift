import Testing

extension EngineTests {
  @Suite struct `interactive terminal` {
    @Test(arguments: engines(with: .terminal))
    func `^C ends a program that doesn't catch it`(engine: any Engine) throws {
      let command = ["sh", "-c", "echo ready; exec sleep 1000"]
      try engine.with(Spec(command: command, hasTerminal: true)) { container in
        try container.waitFor("ready")
        try container.type("\u{3}")
        #expect(try container.wait() == 130)
      }
    }
  }
}
