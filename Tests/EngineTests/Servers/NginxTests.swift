import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  @Suite("nginx, a web server") struct NginxTests {
    @Test(
      "nginx under swinit serves, replaces a worker, reloads, reopens its logs and stops as it does without",
      .needs([.root, .program("nginx", package: "nginx-light")]), arguments: FirstProcess.allCases,
      [SIGTERM, SIGQUIT])
    func operations(first: FirstProcess, last: Int32) throws {
      let directory = try TemporaryDirectory()
      let port = try Loopback.unusedPort()
      let configuration = try directory.file("conf", nginx(port, in: directory, saying: "one"))
      let program = Program(
        command: ["nginx", "-p", directory.path, "-c", configuration], directory: directory)
      let run = try program.start(first)
      let get = { Loopback.ask(port, "GET / HTTP/1.0\r\n\r\n") ?? "" }
      try run.wait(until: "nginx serves") { get().hasSuffix("one\n") }
      let master = try run.server(first)
      let workers = { Set(ProcessTable().children(of: master).map(\.id)) }
      try run.wait(until: "there are workers") { workers().count == 2 }

      let initial = workers()
      try check(kill(try #require(initial.first), SIGKILL))
      try run.wait(until: "the worker is replaced") {
        workers().count == 2 && workers().intersection(initial).count == 1
      }
      #expect(get().hasSuffix("one\n"))

      let second = workers()
      try directory.file("conf", nginx(port, in: directory, saying: "two"))
      try run.signalFirstProcess(SIGHUP)
      try run.wait(until: "the configuration is new") { get().hasSuffix("two\n") }
      try run.wait(until: "the workers are new") {
        workers().count == 2 && workers().isDisjoint(with: second)
      }

      try FileManager.default.moveItem(atPath: directory("access"), toPath: directory("old"))
      try run.signalFirstProcess(SIGUSR1)
      try run.wait(until: "requests are logged to a new file") {
        get().hasSuffix("two\n") && contents(of: directory("access")) != ""
          && FileManager.default.fileExists(atPath: directory("access"))
      }

      try run.signalFirstProcess(SIGWINCH)
      #expect(get().hasSuffix("two\n"))
      try run.expectNoZombie()
      try run.signalFirstProcess(last)
      try run.expect(ending: .exited(0))
    }
  }
}

private func nginx(
  _ port: UInt16, in directory: TemporaryDirectory, saying word: String
) -> String {
  let bodies = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map { "\($0)_temp_path \(directory.path)/\($0);" }.joined(separator: "\n    ")
  return """
    daemon off;
    user root root;
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
