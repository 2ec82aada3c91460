import Testing

extension EngineTests {
  @Suite("Interactive terminals in engines") struct TerminalTests {
    @Test(
      "In each engine, ^C kills a program that does not catch it, and swinit reports nothing",
      arguments: engines(with: .terminal))
    func interrupt(engine: any Engine) throws {
      let command = ["sh", "-c", "echo ready; exec sleep 1000"]
      let spec = Spec(
        command: command, variables: ["SWINIT_EXIT_CODE=130:3"], hasTerminal: true)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        try container.type("\u{3}")
        #expect(try container.wait() == 3)
      }
    }

    @Test(
      "A command that ^Z stopped in a container continues, and ^C terminates it",
      arguments: engines(with: .terminal))
    func continuesAfterSuspendKey(engine: any Engine) throws {
      let loop = "echo ready; while read -r line; do echo got=$line; done"
      let spec = Spec(command: ["sh", "-c", loop], hasTerminal: true)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        try container.type("\u{1a}")
        try container.type("again\r")
        try container.waitFor("got=again")
        try container.type("\u{1a}\u{3}")
        #expect(try container.wait() == 130)
      }
    }
  }
}
