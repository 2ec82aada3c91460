import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ServerTests {
  /// nginx under PID 1 serves, replaces a worker that was killed, reloads, opens its logs anew,
  /// leaves no zombie and ends as it does without swinit.
  @Test(
    .needs(.program("nginx", package: "nginx-light")), .needs(.namespaces),
    arguments: [SIGTERM, SIGQUIT])
  func nginxRuns(until last: Int32) throws {
    let directory = try TemporaryDirectory()
    let port = try Loopback.unusedPort()
    let configuration = try directory.file("conf", nginx(port, in: directory, saying: "one"))
    let run = try Run.swinit(
      "nginx", "-p", directory.path, "-c", configuration, at: .processOne)
    let get = { Loopback.ask(port, "GET / HTTP/1.0\r\n\r\n") ?? "" }
    try run.wait(until: "nginx serves") { get().hasSuffix("one\n") }
    let master = try run.command()
    let workers = { Set(ProcessTable().children(of: master).map(\.id)) }
    try run.wait(until: "there are workers") { workers().count == 2 }

    let first = workers()
    try check(kill(try #require(first.first), SIGKILL))
    try run.wait(until: "the worker is replaced") {
      workers().count == 2 && workers().intersection(first).count == 1
    }
    #expect(get().hasSuffix("one\n"))

    let second = workers()
    try directory.file("conf", nginx(port, in: directory, saying: "two"))
    try run.signal(SIGHUP)
    try run.wait(until: "the configuration is new") { get().hasSuffix("two\n") }
    try run.wait(until: "the workers are new") {
      workers().count == 2 && workers().isDisjoint(with: second)
    }

    try FileManager.default.moveItem(atPath: directory("access"), toPath: directory("old"))
    try run.signal(SIGUSR1)
    try run.wait(until: "requests are logged to a new file") {
      get().hasSuffix("two\n") && contents(of: directory("access")) != ""
        && FileManager.default.fileExists(atPath: directory("access"))
    }

    try run.signal(SIGWINCH)
    #expect(get().hasSuffix("two\n"))
    #expect(ProcessTable().zombies(below: run.nest).isEmpty)
    try run.signal(last)
    try run.expect(ending: .exited(0))
  }

  /// redis under PID 1 answers, loses the process that saves for it, keeps its data at the end,
  /// and leaves no zombie.
  @Test(.needs(.program("redis-server")), .needs(.namespaces), arguments: [SIGTERM, SIGINT])
  func redisRuns(until last: Int32) throws {
    let directory = try TemporaryDirectory()
    let port = try Loopback.unusedPort()
    let run = try Run(
      Place.processOne.wrapper + [Swinit.path, "-r", "USR1:0", "redis-server"]
        + ["--bind", "127.0.0.1", "--port", "\(port)", "--dir", directory.path]
        + ["--save", "3600 1", "--rdb-key-save-delay", "100000000"]
        + ["--stop-writes-on-bgsave-error", "no"])
    let ask = { Loopback.ask(port, $0 + "\r\n") }
    try run.wait(until: "redis answers") { ask("PING") == "+PONG\r\n" }
    #expect(ask("SET key value") == "+OK\r\n")

    let server = try run.command()
    let children = { ProcessTable().children(of: server).map(\.id) }
    #expect(ask("BGSAVE") == "+Background saving started\r\n")
    try run.wait(until: "it is being saved") { !children().isEmpty }
    try check(kill(try #require(children().first), SIGKILL))
    try run.wait(until: "the child is reaped") { children().isEmpty }
    #expect(ask("GET key") == "$5\r\nvalue\r\n")

    for signal in [SIGHUP, SIGUSR1, SIGWINCH] { try run.signal(signal) }
    #expect(ask("PING") == "+PONG\r\n")
    #expect(ProcessTable().zombies(below: run.nest).isEmpty)
    #expect(ask("CONFIG SET rdb-key-save-delay 0") == "+OK\r\n")
    try run.signal(last)
    try run.expect(ending: .exited(0))
    #expect(FileManager.default.fileExists(atPath: directory("dump.rdb")))
  }

  private func nginx(
    _ port: UInt16, in directory: TemporaryDirectory, saying word: String
  ) -> String {
    let bodies = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map { "\($0)_temp_path \(directory.path)/\($0);" }.joined(separator: "\n    ")
    return """
      daemon off;
      \(isRoot ? "user root root;" : "")
      worker_processes 2;
      pid \(directory.path)/pid;
      error_log \(directory.path)/errors;
      events {}
      http {
        access_log \(directory.path)/access;
        \(bodies)
        server {
          listen 127.0.0.1:\(port);
          location / { return 200 "\(word)\\n"; }
        }
      }
      """
  }
}
