import TestSupport
import Testing

extension EngineTests {
  @Suite("Hardened containers") struct HardeningTests {
    @Test(
      "In each engine, a hardened container stops gracefully and reaps orphans",
      arguments: engines(with: .hardening))
    func hardened(engine: any Engine) throws {
      let report = "grep -E '^(Uid|CapBnd|NoNewPrivs|Seccomp):' /proc/$PPID/status; touch /file"
      let spec = Spec(
        command: Server.command(endingAt: .term, after: report), isHardened: true)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        try expectOrphanReaped(in: container)
        try Server.expectGracefulStop(of: container)
        try expectHardened(container, engine)
      }
    }

    @Test(
      "In each engine, a container at its process limit stops gracefully, and with cgroup v2 the limit is reported",
      arguments: engines(with: .hardening, .processLimit))
    func processLimit(engine: any Engine) throws {
      // A shell whose fork is refused exits, and the container is below its limit until the next one: swinit
      // reports a refusal only if it sees the group at its limit.
      let script = """
        trap 'wait; exit \(Server.status)' TERM
        (trap 'echo worker was told; exit' TERM; sleep 1000 & echo ready; wait) &
        (for i in $(seq 200); do (sleep 1000 & sleep 1000 &); done)
        wait
        """
      try engine.with(Spec(command: ["sh", "-c", script], isHardened: true)) { container in
        try container.waitFor("can't fork")
        if ControlGroup.isUnified {
          let limit = Spec.processLimit
          try container.waitFor("swinit: process limit reached: \(limit) of \(limit)")
        }
        try Server.expectGracefulStop(of: container)
      }
    }

    /// Expects that the container really was hardened.
    private func expectHardened(_ container: any Container, _ engine: any Engine) throws {
      let output = try container.output().replacing("\t", with: " ")
      #expect(output.contains("Uid: 65534 65534 65534 65534"))
      #expect(output.contains("CapBnd: 0000000000000000"))
      #expect(output.contains("NoNewPrivs: 1"))
      #expect(output.contains("Seccomp: \(engine.has(.seccomp) ? 2 : 0)"))
      #expect(output.contains("Read-only file system"))
    }
  }
}
