import Testing

extension EngineTests {
  @Suite struct `graceful stop` {
    @Test(arguments: engines(with: .stopSignal), StopSignal.allCases)
    func `the stop signal reaches COMMAND and its workers, and COMMAND's own status comes back`(
      engine: any Engine, signal: StopSignal
    ) throws {
      let spec = Spec(command: Server.command(endingAt: signal), stopSignal: signal)
      try engine.with(spec) { container in
        try Server.expectGracefulStop(of: container)
      }
    }
  }
}

/// A shell with a worker: both end in good order at the stop signal, if both are told.
enum Server {
  static let status: Int32 = 42

  static func command(endingAt signal: StopSignal, after setup: String = "") -> [String] {
    let number = signal.number
    let script = """
      \(setup)
      trap 'wait; exit \(status)' \(number)
      (trap 'echo worker was told; exit' \(number); echo ready; sleep 1000 & wait) &
      wait
      """
    return ["sh", "-c", script]
  }

  static func expectGracefulStop(of container: any Container) throws {
    try container.waitFor("ready")
    try container.stop()
    let told = try container.wait()
    #expect(told == status)
    #expect(try container.output().contains("worker was told"))
  }
}
