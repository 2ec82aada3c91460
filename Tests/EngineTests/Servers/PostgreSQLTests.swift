import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  /// PostgreSQL takes a child that ends badly for one of its own, and the shared memory for spoilt.
  @Suite struct `PostgreSQL, a database` {
    @Test(.needs(PostgreSQL.needs))
    func `an orphan that ends with status 3 ends all sessions, when PostgreSQL is PID 1`() throws {
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

    @Test(.needs(PostgreSQL.needs))
    func `under swinit it is nobody's business; a reload and a stop work as ever`() throws {
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
      try run.tell(SIGHUP)
      try run.wait(until: "it is reloaded") { try database.ask("show work_mem") == "7MB" }
      try run.expectNoZombie()
      try run.tell(SIGTERM)
      try run.expect(ending: .exited(0))
    }

    /// Starts an orphan, has it end with status 3, and gives its number.
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
      .needs(PostgreSQL.needs), arguments: PIDOne.allCases, [SIGTERM, SIGINT, SIGQUIT])
    func `each way to stop it gives the same status`(pidOne: PIDOne, signal: Int32) throws {
      let database = try PostgreSQL()
      let run = try database.program.start(pidOne)
      try database.waitUntilReady(run)
      try run.tell(signal)
      try run.expect(ending: .exited(0))
    }

    @Test(.needs(PostgreSQL.needs))
    func `a session makes a stop take for ever, but not with TERM rewritten to INT`() throws {
      let database = try PostgreSQL()
      let alone = try database.program.start(.itself)
      try database.waitUntilReady(alone)
      let session = try database.session()
      try alone.tell(SIGTERM)
      try alone.errorLine(with: "received smart shutdown request")
      #expect(session.ending(ifWithin: 0.5) == nil)
      try alone.tell(SIGKILL)
      _ = try alone.outcome()

      let run = try database.program.start(.swinit, "--rewrite=TERM:INT")
      try database.waitUntilReady(run)
      let other = try database.session()
      try run.tell(SIGTERM)
      try run.expect(ending: .exited(0))
      let words = "terminating connection due to administrator command"
      #expect(try other.outcome().errors.contains(words))
    }
  }
}
