import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  /// What the images of these servers are stopped by, and what other signals do there.
  @Suite("Servers with a stop signal of their own", .serialized) struct StopSignalTests {
    @Test(
      "With --stop-signal, each server finishes a request that it has begun and exits with 0",
      .needs([.root] + StoppedServer.all.flatMap(\.needs)), arguments: StoppedServer.all)
    func gracefulStop(of server: StoppedServer) throws {
      let directory = try TemporaryDirectory()
      let port = try Loopback.unusedPort()
      let gate = try server.prepare(directory, port)
      let run = try Program(command: server.command(directory), directory: directory)
        .start(
          .swinit, "--stop-signal=\(server.signalName)", "-k", "100s", "-v",
          server.forwards != nil ? "--single-child" : "--group")
      run.keeps += gate.keeps
      try run.wait(until: "\(server) serves") { (try? server.isReady(port)) == true }
      if let forwards = server.forwards {
        let namespace = ["nsenter", "-t", "\(try run.swinit())", "-p", "-m"]
        try run.wait(until: "\(server) forwards signals") {
          try Run(namespace + forwards).ending() == .exited(0)
        }
      }
      // PHP waits until its client closes the connection.
      var request: Loopback.Connection! = try Loopback.Connection(port)
      try request.send(gate.begin)
      let head = try gate.isAnswered ? request.receive() : []
      try run.signalFirstProcess(server.signal)
      try run.errorLine(with: "forwarded \(server.signalName)")
      try run.wait(until: "\(server) refuses connections") { Loopback.refuses(port) }
      try gate.open(request)
      let answer = String(decoding: head, as: UTF8.self) + (try request.receiveAll())
      #expect(answer.contains(gate.end), "\(answer.count) bytes")
      request = nil
      let outcome = try run.outcome()
      #expect(outcome.ending == .exited(0))
      #expect(!outcome.errors.contains("grace period"))
    }

    @Test(
      "HUP reloads nginx under -k 1s, and it serves on for 5 s",
      .needs([.root, .program("nginx", package: "nginx-light")]))
    func reload() throws {
      let directory = try TemporaryDirectory()
      let port = try Loopback.unusedPort()
      _ = try StoppedServer.nginx.prepare(directory, port)
      let run = try Program(command: StoppedServer.nginx.command(directory), directory: directory)
        .start(.swinit, "-k", "1s")
      let get = { Loopback.ask(port, "GET /word HTTP/1.0\r\n\r\n") ?? "" }
      try run.wait(until: "nginx serves") { get().hasSuffix("one\n") }
      let configuration = try #require(contents(of: directory("conf")))
      try directory.file("conf", configuration.replacing("one", with: "two"))
      try run.signalFirstProcess(SIGHUP)
      try run.wait(until: "the configuration is new") { get().hasSuffix("two\n") }
      let start = ContinuousClock.now
      try run.wait(until: "5 s have passed") {
        // For a while, old workers may answer too.
        #expect(get().contains(" 200 OK\r\n"))
        return start.duration(to: .now) > .seconds(5)
      }
      try run.signalFirstProcess(SIGTERM)
      try run.expect(ending: .exited(0))
    }

    @Test(
      "QUIT makes a JVM dump its threads and run on under -k 1s, and --exit-code maps its status 143",
      .needs([.root, .feature("the package openjdk-17-jre-headless", isThere: java != nil)]),
      arguments: [[], ["-e", "143"]])
    func threadDump(_ options: [String]) throws {
      let directory = try TemporaryDirectory()
      // A server of Java's own, in a network of its own: it listens on all interfaces.
      let server = [
        "unshare", "-n", java ?? "", "-Xmx64m", "-XX:+UseSerialGC", "-m",
        "java.rmi/sun.rmi.registry.RegistryImpl", "0",
      ]
      let run = try Run(
        Place.processOne.wrapper + [Swinit.path, "-k", "1s"] + options + ["--"] + server,
        environment: ["PATH=\(searchPath)", "SWTEST=\(Workspace.token)"])
      run.keeps.append(directory)
      let process = try run.process(named: "java")
      try run.wait(until: "the JVM handles QUIT") {
        let caught = status(of: process, "SigCgt").flatMap { UInt64($0, radix: 16) } ?? 0
        return caught & 1 << UInt64(SIGQUIT - 1) != 0
      }
      let start = ContinuousClock.now
      while start.duration(to: .now) < .seconds(2) {
        try run.signalFirstProcess(SIGQUIT)
        try run.line(with: "Full thread dump OpenJDK")
        try run.line(with: "Heap")
      }
      try run.signalFirstProcess(SIGTERM)
      try run.expect(ending: .exited(options.isEmpty ? 143 : 0))
    }

    @Test(
      "--wait keeps a server that daemonizes, and a stop signal stops it in good order",
      .needs([.root, .program("nginx", package: "nginx-light")]),
      arguments: [SIGTERM, SIGQUIT])
    func daemon(last: Int32) throws {
      let directory = try TemporaryDirectory()
      let port = try Loopback.unusedPort()
      _ = try StoppedServer.nginx.prepare(directory, port)
      let configuration = try #require(contents(of: directory("conf")))
      try directory.file("conf", configuration.replacing("daemon off", with: "daemon on"))
      let run = try Program(command: StoppedServer.nginx.command(directory), directory: directory)
        .start(.swinit, "--wait", "-k", "100s", "-v", "--stop-signal=TERM,QUIT")
      try run.errorLine(with: "'nginx' (process 2) exited with status 0")
      let get = { Loopback.ask(port, "GET /word HTTP/1.0\r\n\r\n") ?? "" }
      try run.wait(until: "nginx serves") { get().hasSuffix("one\n") }
      #expect(!run.hasEnded)
      try run.signalFirstProcess(last)
      let outcome = try run.outcome()
      #expect(outcome.ending == .exited(0))
      #expect(!outcome.errors.contains("grace period"))
      #expect(Loopback.refuses(port))
    }
  }
}

/// Java 17 as Debian has it.
private let java = try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/jvm")
  .first { $0.hasPrefix("java-17-openjdk-") }.map { "/usr/lib/jvm/\($0)/bin/java" }

/// A server, and how its image stops it.
struct StoppedServer: CustomTestStringConvertible, CustomStringConvertible, Sendable {
  let description: String
  let signal: Int32
  let signalName: String
  let needs: [Need]
  /// The command, whose files are in a directory.
  let command: @Sendable (TemporaryDirectory) -> [String]
  /// Makes the files, and gives a request that is in flight until the test lets it end.
  let prepare: @Sendable (TemporaryDirectory, UInt16) throws -> OpenRequest
  /// Whether the server answers on the port.
  let isReady: @Sendable (UInt16) throws -> Bool
  /// If the server forwards the signal to its processes itself, a command that succeeds once it does, which may
  /// be after it serves. A second signal, to the group, might kill them.
  var forwards: [String]?

  var testDescription: String { description }
  var speaksHTTP: Bool { description != "php-fpm" }

  /// A request that the server has begun to answer, or to read.
  struct OpenRequest {
    let begin: String
    /// Whether an answer begins then.
    let isAnswered: Bool
    let end: String
    var keeps: [AnyObject] = []
    let open: (Loopback.Connection) throws -> Void
  }

  static let all = [nginx, apache, haproxy, php]

  private static let isServing: @Sendable (UInt16) throws -> Bool = { port in
    Loopback.ask(port, "GET /word HTTP/1.0\r\n\r\n")?.contains("one\n") == true
  }

  /// A file that takes about a second to send.
  private static func largeFile(in directory: TemporaryDirectory) throws -> OpenRequest {
    let text = String(repeating: "x", count: 99_999) + "."
    try directory.file("large", text)
    return OpenRequest(
      begin: "GET /large HTTP/1.0\r\n\r\n", isAnswered: true, end: String(text.suffix(90_000)),
      open: { _ in })
  }

  static let nginx = StoppedServer(
    description: "nginx", signal: SIGQUIT, signalName: "SIGQUIT",
    needs: [.program("nginx", package: "nginx-light")],
    command: { ["nginx", "-p", $0.path, "-c", $0("conf")] },
    prepare: { directory, port in
      let bodies = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map { "\($0)_temp_path \(directory.path)/\($0);" }.joined(separator: "\n  ")
      try directory.file(
        "conf",
        """
        daemon off;
        user root root;
        worker_processes 2;
        pid \(directory.path)/pid;
        error_log \(directory.path)/errors;
        events {}
        http {
          access_log off;
          \(bodies)
          server {
            listen 127.0.0.1:\(port);
            root \(directory.path);
            location = /word { return 200 "one\\n"; }
            location = /large { limit_rate 50k; }
          }
        }
        """)
      return try largeFile(in: directory)
    }, isReady: isServing)

  private static let apache = StoppedServer(
    description: "Apache", signal: SIGWINCH, signalName: "SIGWINCH",
    needs: [.program("apache2", package: "apache2-bin")],
    command: { ["apache2", "-D", "FOREGROUND", "-f", $0("conf")] },
    prepare: { directory, port in
      try directory.file("word", "one\n")
      let modules = ["mpm_event", "authz_core", "env", "ratelimit"]
        .map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so" }
      try directory.file(
        "conf",
        """
        ServerRoot \(directory.path)
        \(modules.joined(separator: "\n"))
        Listen 127.0.0.1:\(port)
        ServerName localhost
        User www-data
        Group www-data
        PidFile \(directory.path)/pid
        ErrorLog \(directory.path)/errors
        DocumentRoot \(directory.path)
        <Location /large>
          SetOutputFilter RATE_LIMIT
          SetEnv rate-limit 50
        </Location>
        """)
      return try largeFile(in: directory)
    }, isReady: isServing)

  private static let haproxy = StoppedServer(
    description: "HAProxy", signal: SIGUSR1, signalName: "SIGUSR1", needs: [.program("haproxy")],
    command: { ["haproxy", "-W", "-db", "-f", $0("conf")] },
    prepare: { directory, port in
      try directory.file(
        "conf",
        """
        defaults
          mode http
          timeout client 100s
          timeout connect 100s
          timeout server 100s
        frontend all
          bind 127.0.0.1:\(port)
          http-request return status 200 content-type text/plain string "one\\n"

        """)
      return OpenRequest(
        begin: "GET / HTTP/1.1\r\nHost: local\r\n", isAnswered: false, end: "one\n",
        open: { try $0.send("Connection: close\r\n\r\n") })
    }, isReady: isServing,
    // The master catches SIGCHLD from then on.
    forwards: [
      "sh", "-c",
      """
      for status in /proc/[0-9]*/status; do
        grep -q '^Name:.haproxy$' $status && grep -q '^SigCgt:.*[13579bdf]....$' $status && exit 0
      done
      exit 1
      """,
    ])

  private static let php = StoppedServer(
    description: "php-fpm", signal: SIGQUIT, signalName: "SIGQUIT",
    needs: [.program("php-fpm8.2", package: "php8.2-fpm")],
    command: { ["php-fpm8.2", "-F", "-n", "-y", $0("conf")] },
    prepare: { directory, port in
      let script = try directory.file(
        "script.php",
        """
        <?php
        echo "begun"; flush();
        while (!file_exists("\(directory.path)/gate")) { usleep(1000); clearstatcache(); }
        echo "done\\n";
        """)
      try directory.file(
        "conf",
        """
        [global]
        error_log = \(directory.path)/errors
        process_control_timeout = 100s
        [www]
        user = www-data
        group = www-data
        listen = 127.0.0.1:\(port)
        pm = static
        pm.max_children = 2
        ping.path = /ping
        """)
      return OpenRequest(
        begin: FastCGI.request(for: script), isAnswered: true, end: "done\n",
        open: { _ in _ = try directory.file("gate", "") })
    },
    isReady: { port in
      try Loopback.Connection(port).ask(FastCGI.request(for: "/ping")).contains("pong")
    })
}

extension Loopback.Connection {
  fileprivate func ask(_ request: String) throws -> String {
    try send(request)
    return try receiveAll()
  }
}

/// As much of the protocol as asks for one page.
private enum FastCGI {
  /// A request of a responder for a script.
  static func request(for script: String) -> String {
    let variables = [
      "SCRIPT_FILENAME": script, "SCRIPT_NAME": script, "REQUEST_METHOD": "GET",
      "SERVER_PROTOCOL": "HTTP/1.0",
    ]
    // PHP takes no variable that spans two records. No byte is above 127, so that all is a string.
    let parameters = variables.map { name, value in
      record(4, [UInt8(name.utf8.count), UInt8(value.utf8.count)] + name.utf8 + value.utf8)
    }
    let records =
      record(1, [0, 1, 0, 0, 0, 0, 0, 0]) + parameters.flatMap { $0 } + record(4) + record(5)
    return String(decoding: records, as: UTF8.self)
  }

  private static func record(_ type: UInt8, _ content: [UInt8] = []) -> [UInt8] {
    [1, type, 0, 1, 0, UInt8(content.count), 0, 0] + content
  }
}
