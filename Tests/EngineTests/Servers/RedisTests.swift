import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  @Suite("Redis, a database") struct RedisTests {
    @Test(
      "Redis under swinit answers, survives the death of its saving process and keeps its data as it does without",
      .needs([.root, .program("redis-server")]), arguments: FirstProcess.allCases,
      [SIGTERM, SIGINT])
    func operations(first: FirstProcess, last: Int32) throws {
      let directory = try TemporaryDirectory()
      let port = try Loopback.unusedPort()
      let program = Program(
        command: ["redis-server", "--bind", "127.0.0.1", "--port", "\(port)"]
          + ["--dir", directory.path, "--save", "3600 1", "--rdb-key-save-delay", "100000000"]
          + ["--stop-writes-on-bgsave-error", "no"],
        directory: directory)
      let run = try program.start(first, "--rewrite=USR1:0")
      let ask = { Loopback.ask(port, $0 + "\r\n") }
      try run.wait(until: "redis answers") { ask("PING") == "+PONG\r\n" }
      #expect(ask("SET key value") == "+OK\r\n")

      let server = try run.server(first)
      let children = { ProcessTable().children(of: server).map(\.id) }
      #expect(ask("BGSAVE") == "+Background saving started\r\n")
      try run.wait(until: "the data is being saved") { !children().isEmpty }
      try check(kill(try #require(children().first), SIGKILL))
      try run.wait(until: "the child is reaped") { children().isEmpty }
      #expect(ask("GET key") == "$5\r\nvalue\r\n")

      // swinit drops SIGUSR1; so does the kernel for a PID 1 that did not get it from its own
      // namespace.
      for signal in [SIGHUP, SIGUSR1, SIGWINCH] { try run.signalFirstProcess(signal) }
      #expect(ask("PING") == "+PONG\r\n")
      try run.expectNoZombie()
      #expect(ask("CONFIG SET rdb-key-save-delay 0") == "+OK\r\n")
      try run.signalFirstProcess(last)
      try run.expect(ending: .exited(0))
      #expect(FileManager.default.fileExists(atPath: directory("dump.rdb")))
    }
  }
}
