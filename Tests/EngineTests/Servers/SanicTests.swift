import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  /// While its workers start, Sanic's main process waits for them and does not react to signals.
  @Suite("Sanic, a web server in Python") struct SanicTests {
    @Test(
      "A stop while workers start outlasts the grace period when Sanic is PID 1",
      .needs(SanicServer.needs))
    func stopWithoutInit() throws {
      try SanicServer.attempt(for: nil) { server in
        try server.starting(server.program.start(.itself)).stop(within: 2)
      }
    }

    @Test(
      "One SIGTERM through swinit terminates all of Sanic early, with Sanic's own status",
      .needs(SanicServer.needs))
    func stopUnderSwinit() throws {
      let server = try SanicServer()
      let run = try server.starting(server.program.start(.swinit, "--kill-after=1h"))
      let ending = try run.stop(within: Run.limit)
      #expect(ending == .exited(1))
      #expect(ProcessTable().descendants(of: run.nest).isEmpty)
    }

    @Test(
      "One SIGTERM to Sanic's main process alone terminates all of Sanic at the deadline",
      .needs(SanicServer.needs))
    func singleChild() throws {
      try SanicServer.attempt(for: .exited(128 + SIGKILL)) { server in
        let log = server.directory("log")
        let run = try server.starting(
          server.program.start(.swinit, "-c", "--kill-after=1s", "--termination-log=\(log)"))
        let start = ContinuousClock.now
        let ending = try run.stop(within: Run.limit)
        #expect(ProcessTable().descendants(of: run.nest).isEmpty)
        if ending == .exited(128 + SIGKILL) {
          #expect(start.duration(to: .now) >= .seconds(1))
          #expect(
            contents(log).contains(
              /; killed after the grace period: \d+ processe?s?: .*\bsanic \(2\)/))
        }
        return ending
      }
    }
  }
}

private struct SanicServer {
  static let needs: [Need] = [.root, PythonPackages.need]
  static let workers = 2

  let directory: TemporaryDirectory
  let program: Program

  init() throws {
    directory = try TemporaryDirectory()
    try directory.file("app.py", Self.application)
    program = Program(
      command: [
        PythonPackages.program("sanic"), "app.app", "--host=127.0.0.1",
        "--port=\(try Loopback.unusedPort())", "--workers=\(Self.workers)",
      ],
      directory: directory,
      environment: [
        "PYTHONPATH=\(directory.path)", "PYTHONDONTWRITEBYTECODE=1",
      ])
  }

  /// Stops servers until one terminates like this. Occasionally SIGTERM interrupts the main process
  /// while it queries another process, and it dies of the wrong answer.
  static func attempt(for ending: Ending?, _ stop: (SanicServer) throws -> Ending?) throws {
    var endings: [Ending?] = []
    repeat {
      endings.append(try stop(SanicServer()))
    } while endings.last != ending
      && endings.count < 5
    #expect(endings.last == ending, "\(endings)")
  }

  private static let application = """
    import time
    from sanic import Sanic, text

    app = Sanic("story")

    @app.get("/")
    async def answer(request):
        return text("served")

    @app.before_server_start
    async def warm_up(app):
        print("starting", flush=True)
        time.sleep(1000)
    """

  /// Waits until all workers are starting, and gives the run.
  func starting(_ run: Run) throws -> Run {
    for _ in 1...Self.workers { try run.line(with: "starting") }
    // The workers, the process that manages their state, and the tracker of shared resources.
    #expect(run.processes(named: "python3").count == Self.workers + 2)
    return run
  }
}
