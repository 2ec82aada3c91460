import Testing

extension EngineTests {
  @Suite struct `hardened container` {
    @Test(arguments: engines(with: .hardening))
    func `it stops gracefully and reaps in a container that may do nothing`(
      engine: any Engine
    ) throws {
      let look = "grep -E '^(Uid|CapBnd|NoNewPrivs|Seccomp):' /proc/$PPID/status; touch /file"
      let spec = Spec(
        command: Server.command(endingAt: .term, after: look), isHardened: true)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        try expectOrphanReaped(in: container)
        try Server.expectGracefulStop(of: container)
        try expectHardened(container, engine)
      }
    }

    @Test(arguments: engines(with: .hardening, .processLimit))
    func `it does its work when the container can't hold one more process`(
      engine: any Engine
    ) throws {
      let fill = "(for i in $(seq \(Spec.processLimit)); do sleep 1000 & done)"
      let command = ["sh", "-c", "trap 'exit 42' TERM; \(fill); echo full; sleep 1000 & wait"]
      try engine.with(Spec(command: command, isHardened: true)) { container in
        try container.waitFor("full")
        try container.waitFor("can't fork")
        try container.stop()
        #expect(try container.wait() == 42)
      }
    }

    /// That the container was what the test is about.
    private func expectHardened(_ container: any Container, _ engine: any Engine) throws {
      let output = try container.output().replacing("\t", with: " ")
      #expect(output.contains("Uid: 65534 65534 65534 65534"))
      #expect(output.contains("CapBnd: 0000000000000000"))
      #expect(output.contains("NoNewPrivs: 1"))
      #expect(output.contains("Seccomp: \(engine.features.contains(.seccomp) ? 2 : 0)"))
      #expect(output.contains("Read-only file system"))
    }
  }
}
