import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  /// Puma's workers start browsers, which are sometimes killed.
  @Suite("Puma, a web server in Ruby") struct PumaTests {
    @Test(
      "An orphan of a killed browser stays a zombie when Puma is PID 1", .needs(PumaServer.needs))
    func orphanWithoutInit() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.itself)
      let orphan = try puma.orphan(in: run)
      try check(kill(orphan, SIGTERM))
      try run.wait(until: "the orphan has exited") { state(of: orphan) == "Z" }
      try puma.replaceWorker(of: run, master: run.first())
      // By now Puma has checked its children.
      let zombies = ProcessTable().zombies(below: run.nest).map(\.id)
      #expect(zombies == [orphan])
    }

    @Test(
      "An orphan of a killed browser is reaped under swinit, and Puma replaces a killed worker",
      .needs(PumaServer.needs))
    func orphanUnderSwinit() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.swinit)
      let orphan = try puma.orphan(in: run)
      try check(kill(orphan, SIGTERM))
      try puma.replaceWorker(of: run, master: run.command())
      try run.expectNoZombie()
    }

    @Test(
      "The zombie check names the Puma worker that does not reap its child",
      .needs(PumaServer.needs))
    func zombieCheck() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.swinit, "--zombie-check=100ms")
      let worker = try puma.get("/forget", from: run)
      let line = try run.errorLine()
      let message = "swinit: process \(worker) (puma) has 1 zombie child and is not reaping it"
      #expect(line.hasPrefix(message))
    }

    @Test(
      "A stop of Puma under swinit lets a running request finish and gives Puma's status",
      .needs(PumaServer.needs))
    func gracefulStop() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.swinit)
      _ = try puma.get("/", from: run)
      let client = try Run(["curl", "--silent", "http://127.0.0.1:\(puma.port)/slow"])
      try run.line(with: "slow request")
      try run.signalFirstProcess(SIGTERM)
      try run.line(with: "Gracefully shutting down workers")
      try puma.gate.open()
      let answer = try client.outcome()
      #expect(answer.output == "served")
      try run.expect(ending: .exited(128 + SIGTERM))
    }

    @Test(
      "A stop of Puma as PID 1 gives status 1, because SIGTERM does not kill PID 1",
      .needs(PumaServer.needs))
    func stopWithoutInit() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.itself)
      _ = try puma.get("/", from: run)
      try run.signalFirstProcess(SIGTERM)
      try run.expect(ending: .exited(1))
    }
  }
}

private struct PumaServer {
  static let needs: [Need] = [.root, .program("puma"), .program("curl")]

  let program: Program
  let port: UInt16
  let gate: Gate
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    port = try Loopback.unusedPort()
    gate = try Gate(in: directory)
    program = Program(
      command: [
        "puma", "--environment", "production", "--workers", "2", "--threads", "1:1", "--bind",
        "tcp://127.0.0.1:\(port)", try directory.file("config.ru", PumaServer.application),
      ],
      directory: directory,
      environment: ["GATE=\(gate.path)"])
  }

  private static let application = """
    $stdout.sync = true
    run(lambda do |request|
      answer =
        case request["PATH_INFO"]
        when "/browse" then Process.detach(spawn("sh", "-c", "sleep 1000 & wait")).pid.to_s
        when "/forget" then spawn("true") && Process.pid.to_s
        when "/slow"
          puts "slow request"
          File.read(ENV["GATE"]) && "served"
        else "ready"
        end
      [200, {}, [answer]]
    end)
    """

  /// Waits for the server's answer, and gives its body.
  func get(_ path: String, from run: Run) throws -> String {
    try run.wait(for: "Puma's answer") {
      Loopback.ask(port, "GET \(path) HTTP/1.0\r\n\r\n")?
        .components(separatedBy: "\r\n\r\n").dropFirst().first
    }
  }

  /// Makes a worker start a browser, kills the browser, and gives the orphan that it leaves.
  func orphan(in run: Run) throws -> pid_t {
    let browserID = try get("/browse", from: run)
    let part = try run.process(named: "sleep")
    let browser = try #require(ProcessTable.Entry(part)?.parent)
    #expect(innerProcessID(of: browser) == browserID)
    try check(kill(browser, SIGKILL))
    let first = try run.first()
    try run.wait(until: "PID 1 has adopted the orphan") {
      ProcessTable.Entry(part)?.parent == first
    }
    return part
  }

  /// Kills a worker, and waits until another has replaced it.
  func replaceWorker(of run: Run, master: pid_t) throws {
    let workers = {
      Set(ProcessTable().children(of: master).filter { $0.name == "puma" }.map(\.id))
    }
    let old = workers()
    #expect(old.count == 2)
    let worker = try #require(old.first)
    try check(kill(worker, SIGKILL))
    try run.wait(until: "the worker is replaced") {
      workers().subtracting(old).count == 1 && workers().count == 2
    }
  }
}
