import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  /// PostgreSQL takes any child that fails for a process of its own that may have corrupted memory.
  @Suite("PostgreSQL, a database") struct PostgreSQLTests {
    @Test(
      "An orphan that exits with 3 terminates all sessions when PostgreSQL is PID 1",
      .needs(PostgreSQL.needs))
    func orphanWithoutInit() throws {
      let database = try PostgreSQL()
      let run = try database.program.start(.itself)
      try database.waitUntilReady(run)
      let session = try database.session()
      try endOrphan(of: database, run)
      try run.errorLine(with: "terminating any other active server processes")
      let outcome = try session.outcome()
      #expect(outcome.ending != .exited(0))
      #expect(outcome.errors.contains("server closed the connection unexpectedly"))
    }

    @Test(
      "An orphan that exits with 3 does not affect PostgreSQL under swinit, which reloads and stops as usual",
      .needs(PostgreSQL.needs))
    func orphanUnderSwinit() throws {
      let database = try PostgreSQL()
      let run = try database.program.start(.swinit)
      try database.waitUntilReady(run)
      let session = try database.session()
      let orphan = try endOrphan(of: database, run)
      try run.wait(until: "the orphan is reaped") { state(of: orphan) == nil }
      try database.cancelSessions()
      let outcome = try session.outcome()
      #expect(outcome.errors == "ERROR:  canceling statement due to user request\n")

      #expect(try database.ask("alter system set work_mem = '7MB'") == "ALTER SYSTEM")
      try run.signalFirstProcess(SIGHUP)
      try run.wait(until: "the configuration is reloaded") {
        try database.ask("show work_mem") == "7MB"
      }
      try run.expectNoZombie()
      try run.signalFirstProcess(SIGTERM)
      try run.expect(ending: .exited(0))
    }

    /// Starts an orphan, makes it exit with status 3, and gives its process ID.
    @discardableResult
    private func endOrphan(of database: PostgreSQL, _ run: Run) throws -> pid_t {
      let gate = try Gate(in: database.directory)
      let orphan = "(read line <\(gate.path); exit 3) >/dev/null 2>&1 &"
      #expect(try database.ask("copy (select 1) to program '\(orphan) cat'") == "COPY 1")
      let process = try run.process(named: "sh")
      #expect(ProcessTable.Entry(process)?.parent == (try run.first()))
      try gate.open()
      return process
    }

    @Test(
      "Each way to stop PostgreSQL gives the same status under swinit as without",
      .needs(PostgreSQL.needs), arguments: FirstProcess.allCases, [SIGTERM, SIGINT, SIGQUIT])
    func stop(first: FirstProcess, signal: Int32) throws {
      let database = try PostgreSQL()
      let run = try database.program.start(first)
      try database.waitUntilReady(run)
      try run.signalFirstProcess(signal)
      try run.expect(ending: .exited(0))
    }

    @Test(
      "A session delays PostgreSQL's stop for ever, unless swinit rewrites SIGTERM to SIGINT",
      .needs(PostgreSQL.needs))
    func openSession() throws {
      let database = try PostgreSQL()
      let alone = try database.program.start(.itself)
      try database.waitUntilReady(alone)
      let session = try database.session()
      try alone.signalFirstProcess(SIGTERM)
      try alone.errorLine(with: "received smart shutdown request")
      #expect(session.ending(ifWithin: 0.5) == nil)
      try alone.signalFirstProcess(SIGKILL)
      _ = try alone.outcome()

      let run = try database.program.start(.swinit, "--rewrite=TERM:INT")
      try database.waitUntilReady(run)
      let other = try database.session()
      try run.signalFirstProcess(SIGTERM)
      try run.expect(ending: .exited(0))
      let message = "terminating connection due to administrator command"
      #expect(try other.outcome().errors.contains(message))
    }
  }
}
