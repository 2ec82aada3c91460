import Testing

extension EngineTests {
  /// swinit as the init of a machine instead of a container.
  @Suite("The first process of a kernel") struct KernelTests {
    /// The shell waits for the orphan with builtins only: while it waited for another program, it
    /// would also reap the orphan if that were its child.
    @Test(
      "As the first process of a kernel, swinit reaps orphans and forwards signals to the command and its workers",
      arguments: StopSignal.allCases)
    func signalsAndOrphans(signal: StopSignal) throws {
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

    @Test(
      "As the first process of a kernel, swinit reports an out-of-memory kill of the command and exits with 137"
    )
    func outOfMemory() throws {
      let spec = Spec(
        command: ["sh", "-c", "echo hog $$; exec \(MemoryHog.command)"], isShortOfMemory: true)
      try UserModeLinux().with(spec) { machine in
        #expect(try machine.wait() == 137)
        try expectNamed(machine, UserModeLinux())
      }
    }
  }
}
