import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  /// A script starts the worker, like the entry point of an image.
  @Suite("procrastinate, a worker of a job queue") struct ProcrastinateTests {
    @Test(
      "A job stays \"doing\" when a script that forwards no signal is PID 1", .needs(JobQueue.needs)
    )
    func stopWithoutInit() throws {
      let queue = try JobQueue(jobs: 2)
      let run = try queue.worker.start(.itself)
      try run.line(with: "begun")
      try run.signalFirstProcess(SIGTERM)
      try queue.gate.open()
      // The worker did not receive the signal, so it takes the next job until the engine kills it.
      try run.line(with: "begun")
      try run.signalFirstProcess(SIGKILL)
      _ = try run.ending()
      #expect(try queue.states() == ["doing", "succeeded"])
    }

    @Test(
      "No job is left \"doing\" by a stop through swinit within the grace period",
      .needs(JobQueue.needs))
    func stopUnderSwinit() throws {
      let queue = try JobQueue(jobs: 2)
      let run = try queue.worker.start(.swinit, "--kill-after=1h")
      try run.line(with: "begun")
      try run.signalFirstProcess(SIGTERM)
      try run.errorLine(with: "Stop requested")
      try queue.gate.open()
      try run.expect(ending: .exited(128 + SIGTERM))
      #expect(try queue.states() == ["succeeded", "todo"])
    }

    @Test(
      "A worker killed when the grace period expires is in the exit report, and its job can be retried",
      .needs(JobQueue.needs))
    func killedWorker() throws {
      let queue = try JobQueue(jobs: 1)
      let log = queue.database.directory("log")
      let run = try queue.worker.start(.swinit, "--kill-after=3s", "--termination-log=\(log)")
      try run.line(with: "begun")
      let worker = try #require(innerProcessID(of: run.process(named: "procrastinate")))
      try run.signalFirstProcess(SIGTERM)
      try run.expect(ending: .exited(128 + SIGTERM))
      #expect(
        contents(log).hasSuffix(
          "; killed after the grace period: 1 process: procrastinate (\(worker))\n"))
      #expect(try queue.states() == ["doing"])

      try run.wait(until: "the job is found stalled") { try queue.retryStalled() == "1" }
      let other = try queue.worker.start(.swinit)
      try other.line(with: "begun")
      try queue.gate.open()
      try run.wait(until: "the job is done") { try queue.states() == ["succeeded"] }
    }
  }
}

/// A queue of jobs, each of which lasts until its gate is opened.
private struct JobQueue {
  static let needs = PostgreSQL.needs + [PythonPackages.need]

  let database: PostgreSQL
  let worker: Program
  let gate: Gate
  private let server: Run
  private let environment: [String]

  init(jobs: Int) throws {
    database = try PostgreSQL()
    server = try database.program.start(.swinit)
    try database.waitUntilReady(server)
    gate = try Gate(in: database.directory)
    try database.directory.file("jobs.py", Self.jobs)
    environment = [
      "PGHOST=\(database.directory.path)", "PGUSER=postgres", "PYTHONDONTWRITEBYTECODE=1",
      "PYTHONPATH=\(database.directory.path)", "GATE=\(gate.path)",
    ]
    let procrastinate = PythonPackages.program("procrastinate")
    worker = Program(
      command: ["sh", "-c", "\(procrastinate) --app=jobs.app worker; echo stopped"],
      directory: database.directory,
      environment: environment)
    try succeed(["env"] + environment + [procrastinate, "--app=jobs.app", "schema", "--apply"])
    for _ in 1...jobs {
      try succeed(["env"] + environment + [procrastinate, "--app=jobs.app", "defer", "work"])
    }
  }

  private static let jobs = """
    import os
    import procrastinate

    app = procrastinate.App(connector=procrastinate.PsycopgConnector())

    @app.task(name="work")
    def work():
        print("begun", flush=True)
        open(os.environ["GATE"]).read()

    async def retry_stalled():
        async with app.open_async():
            jobs = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=0.1)
            for job in list(jobs):
                await app.job_manager.retry_job(job)
                print(job.id)
    """

  /// The states of all jobs, sorted.
  func states() throws -> [String] {
    try #require(try database.ask("select status from procrastinate_jobs order by status::text"))
      .split(separator: "\n").map(String.init)
  }

  /// Retries the jobs whose workers have died, and gives their numbers.
  func retryStalled() throws -> String {
    let script = "import asyncio, jobs; asyncio.run(jobs.retry_stalled())"
    return try succeed(["env"] + environment + [PythonPackages.program("python"), "-c", script])
  }
}
