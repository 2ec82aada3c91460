import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  /// Puma's workers start browsers, and now and then somebody kills one hard.
  @Suite struct `Puma, a web server on Ruby` {
    @Test(.needs(PumaServer.needs))
    func `what a killed browser leaves stays a zombie for good, when Puma is PID 1`() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.itself)
      let orphan = try puma.orphan(in: run)
      try check(kill(orphan, SIGTERM))
      try run.wait(until: "it has ended") { state(of: orphan) == "Z" }
      try puma.replaceWorker(of: run, master: run.first())
      // Puma has looked who of its children is dead.
      let zombies = ProcessTable().zombies(below: run.nest).map(\.id)
      #expect(zombies == [orphan])
    }

    @Test(.needs(PumaServer.needs))
    func `it is reaped under swinit, as is a killed worker, which is replaced`() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.swinit)
      let orphan = try puma.orphan(in: run)
      try check(kill(orphan, SIGTERM))
      try puma.replaceWorker(of: run, master: run.command())
      try run.expectNoZombie()
    }

    @Test(.needs(PumaServer.needs))
    func `a child that a worker forgets is named by the zombie check`() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.swinit, "--zombie-check=100ms")
      let worker = try puma.get("/forget", from: run)
      let line = try run.errorLine()
      let words = "swinit: 1 zombie is left by process \(worker) (puma), which must reap"
      #expect(line.hasPrefix(words))
    }

    @Test(.needs(PumaServer.needs))
    func `a stop lets a request end that is under way, and the status is Puma's`() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.swinit)
      _ = try puma.get("/", from: run)
      let customer = try Run(["curl", "--silent", "http://127.0.0.1:\(puma.port)/slow"])
      try run.line(with: "slow request")
      try run.tell(SIGTERM)
      try run.line(with: "Gracefully shutting down workers")
      try puma.gate.open()
      let answer = try customer.outcome()
      #expect(answer.output == "served")
      try run.expect(ending: .exited(128 + SIGTERM))
    }

    @Test(.needs(PumaServer.needs))
    func `a stop gives status 1 when Puma is PID 1, which TERM can't end`() throws {
      let puma = try PumaServer()
      let run = try puma.program.start(.itself)
      _ = try puma.get("/", from: run)
      try run.tell(SIGTERM)
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

  /// What the server answers, once it does.
  func get(_ path: String, from run: Run) throws -> String {
    try run.wait(for: "Puma's answer") {
      Loopback.ask(port, "GET \(path) HTTP/1.0\r\n\r\n")?
        .components(separatedBy: "\r\n\r\n").dropFirst().first
    }
  }

  /// Has a worker start a browser, kills that, and gives what it leaves.
  func orphan(in run: Run) throws -> pid_t {
    let number = try get("/browse", from: run)
    let part = try run.process(named: "sleep")
    let browser = try #require(ProcessTable.Entry(part)?.parent)
    #expect(innerNumber(of: browser) == number)
    try check(kill(browser, SIGKILL))
    let first = try run.first()
    try run.wait(until: "PID 1 has it") { ProcessTable.Entry(part)?.parent == first }
    return part
  }

  /// Kills a worker, and waits until there is another in its place.
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
