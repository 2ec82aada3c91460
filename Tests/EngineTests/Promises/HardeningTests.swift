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
      let script = """
        trap 'wait; exit \(Server.status)' TERM
        (trap 'echo worker was told; exit' TERM; sleep 1000 & echo ready; wait) &
        (for i in $(seq \(Spec.processLimit)); do sleep 1000 & done)
        wait
        """
      try engine.with(Spec(command: ["sh", "-c", script], isHardened: true)) { container in
        try container.waitFor("can't fork")
        try Server.expectGracefulStop(of: container)
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
