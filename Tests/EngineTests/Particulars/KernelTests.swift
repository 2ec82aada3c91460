import Testing

extension EngineTests {
  /// Where PID 1 isn't a container's but the machine's.
  @Suite struct `first process of a kernel` {
    @Test func `orphans are reaped, and a TERM for process 1 reaches COMMAND`() throws {
      let script = """
        trap 'echo told; exit 42' TERM
        orphan=$(sh -c 'sleep 0.1 >/dev/null 2>&1 & echo $!')
        while test -e /proc/$orphan; do sleep 0.05; done; echo reaped
        cat /proc/1/comm; kill 1; sleep 1000 & wait
        """
      try UserModeLinux().with(Spec(command: ["sh", "-c", script])) { machine in
        #expect(try machine.wait() == 42)
        let output = try machine.output().split(whereSeparator: \.isNewline)
        #expect(output.contains("reaped"))
        #expect(output.contains("swinit"))
        #expect(output.contains("told"))
      }
    }
  }
}
