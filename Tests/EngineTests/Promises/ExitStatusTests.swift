import Testing

extension EngineTests {
  @Suite("Exit statuses in engines") struct ExitStatusTests {
    @Test(
      "In each engine, the status is the command's, or says why the command cannot be executed",
      arguments: engines)
    func statuses(engine: any Engine) throws {
      for (command, status) in Self.table {
        try engine.with(Spec(command: command, variables: ["SWINIT_EXIT_CODE=9:3"])) { container in
          let actual = try container.wait()
          let output = try container.output()
          #expect(actual == status, "\(command): \(output)")
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
