import Testing

extension EngineTests {
  @Suite("Graceful stop in engines") struct GracefulStopTests {
    @Test(
      "In each engine, the stop signal reaches the command and its workers, and the status is the command's",
      arguments: engines(with: .stopSignal), StopSignal.allCases)
    func stop(engine: any Engine, signal: StopSignal) throws {
      let spec = Spec(command: Server.command(endingAt: signal), stopSignal: signal)
      try engine.with(spec) { container in
        try Server.expectGracefulStop(of: container)
      }
    }
  }
}

/// A shell with a worker: both exit in good order if both receive the stop signal.
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
    let actual = try container.wait()
    #expect(actual == status)
    #expect(try container.output().contains("worker was told"))
  }
}
