import Testing

extension EngineTests {
  @Suite struct `exit status` {
    @Test(arguments: engines)
    func `the engine is told COMMAND's own status, or why it didn't run`(
      engine: any Engine
    ) throws {
      for (command, status) in Self.table {
        try engine.with(Spec(command: command, variables: ["SWINIT_EXIT_CODE=9:3"])) { container in
          let told = try container.wait()
          let output = try container.output()
          #expect(told == status, "\(command): \(output)")
        }
      }
    }

    private static let table: [([String], Int32)] = [
      (["true"], 0),
      (["sh", "-c", "exit 7"], 7),
      (["sh", "-c", "exit 9"], 3),
      (["/etc/plain"], 126),
      (["no-such-command"], 127),
      (["sh", "-c", "kill -SEGV $$"], 139),
    ]
  }
}
