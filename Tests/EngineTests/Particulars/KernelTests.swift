import Testing

extension EngineTests {
  /// Where PID 1 isn't a container's but the machine's.
  @Suite struct `first process of a kernel` {
    /// The shell waits for the orphan without a command that is not its own: it would reap the
    /// orphan by the way, if that were its child.
    @Test(arguments: StopSignal.allCases)
    func `orphans are reaped, and a signal for process 1 reaches COMMAND and its workers`(
      signal: StopSignal
    ) throws {
      let server = Server.command(
        endingAt: signal,
        after: """
          orphan=$(sh -c 'sleep 0.1 >/dev/null 2>&1 & echo $!')
          while test -e /proc/$orphan; do :; done; echo reaped
          (while ! grep -q sleep /proc/[0-9]*/comm; do :; done; kill -\(signal.number) 1) &
          """)
      try UserModeLinux().with(Spec(command: server)) { machine in
        #expect(try machine.wait() == Server.status)
        let output = try machine.output().split(whereSeparator: \.isNewline)
        #expect(output.contains("reaped"))
        #expect(output.contains("worker was told"))
      }
    }

    @Test func `COMMAND that fills the machine's memory is killed and named, and gives 137`() throws
    {
      let spec = Spec(command: ["sh", "-c", "echo hog $$; exec \(Hog.eat)"], isShortOfMemory: true)
      try UserModeLinux().with(spec) { machine in
        #expect(try machine.wait() == 137)
        try expectNamed(machine, UserModeLinux())
      }
    }
  }
}
