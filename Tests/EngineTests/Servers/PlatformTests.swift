import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests.Servers {
  /// A platform that runs its users' apps, such as Stormkit: it starts `npm run start` and kills
  /// npm alone.
  @Suite("A platform in Go that starts npm") struct PlatformTests {
    @Test("An app is cut off while it closes when its platform is PID 1", .needs(Platform.needs))
    func withoutInit() throws {
      let platform = try Platform(killingWith: SIGKILL)
      let run = try platform.program().start(.itself)
      try run.line(with: "serving")
      try run.signalFirstProcess(SIGTERM)
      let outcome = try run.outcome()
      #expect(outcome.ending == .exited(0))
      #expect(!outcome.output.contains("closed"))
    }

    @Test(
      "An app under swinit is adopted, closes, and leaves no process and no open port",
      .needs(Platform.needs))
    func underSwinit() throws {
      let platform = try Platform(killingWith: SIGKILL)
      let run = try platform.program().start(.swinit, "--kill-after=1h")
      try run.line(with: "serving")
      let node = try run.process(named: "node")
      try run.signalFirstProcess(SIGTERM)
      try run.line(with: "closing")
      try run.wait(until: "the app is adopted") { try isChild(of: run.first(), node) }
      try platform.gate.open()
      try run.line(with: "closed")
      try run.expect(ending: .exited(0))
      #expect(ProcessTable().descendants(of: run.nest).isEmpty)
      #expect(Loopback.ask(platform.port, "GET / HTTP/1.0\r\n\r\n") == nil)
    }

    @Test(
      "An app that does not close is killed when the grace period expires, and its port is free",
      .needs(Platform.needs))
    func gracePeriod() throws {
      let platform = try Platform(killingWith: SIGKILL)
      let run = try platform.program().start(.swinit, "--kill-after=3s")
      try run.line(with: "serving")
      try run.signalFirstProcess(SIGTERM)
      try run.line(with: "closing")
      try run.expect(ending: .exited(0))
      #expect(ProcessTable().descendants(of: run.nest).isEmpty)
      #expect(Loopback.ask(platform.port, "GET / HTTP/1.0\r\n\r\n") == nil)
    }

    @Test(
      "A new version of an app finds its port taken by the old one without swinit",
      .needs(Platform.needs))
    func portTaken() throws {
      let platform = try Platform(killingWith: SIGTERM)
      let run = try platform.program().start(.itself)
      try run.line(with: "serving")
      try run.signalFirstProcess(SIGUSR1)
      try run.line(with: "EADDRINUSE")
    }

    @Test(
      "A new version of an app finds its port free if the platform starts swinit with npm",
      .needs(Platform.needs))
    func portFree() throws {
      let platform = try Platform(killingWith: SIGTERM)
      let run = try platform.program(startingWith: [Swinit.path, "-k1h", "--"]).start(.itself)
      try run.line(with: "serving")
      try run.signalFirstProcess(SIGUSR1)
      try run.line(with: "closing")
      try platform.gate.open()
      try run.line(with: "closed")
      try run.line(with: "serving")
    }
  }
}

/// Whether a process is a child of another.
private func isChild(of parent: pid_t, _ process: pid_t) -> Bool {
  ProcessTable.Entry(process)?.parent == parent
}

/// The platform with one app on a port of its own, which closes when its gate is opened.
private struct Platform {
  static let needs: [Need] = [
    .root, .program("go", package: "golang-go"), .program("node", package: "nodejs"),
    .program("npm"),
  ]

  let port: UInt16
  let gate: Gate
  private let directory: TemporaryDirectory
  private let signal: Int32

  init(killingWith signal: Int32) throws {
    self.signal = signal
    port = try Loopback.unusedPort()
    directory = try TemporaryDirectory()
    gate = try Gate(in: directory)
    try directory.file("package.json", #"{ "scripts": { "start": "node server.js" } }"#)
    try directory.file("server.js", Self.server)
  }

  /// The platform, which puts `launcher` before the npm command.
  func program(startingWith launcher: [String] = []) throws -> Program {
    Program(
      command: [try Self.platform.get(), directory.path, "\(signal)"] + launcher
        + ["npm", "run", "start"],
      directory: directory,
      environment: [
        "PORT=\(port)", "GATE=\(gate.path)", "HOME=\(directory.path)",
        "NPM_CONFIG_UPDATE_NOTIFIER=false",
      ])
  }

  private static let server = """
    const server = require('http').createServer((_, answer) => answer.end('here'));
    process.on('SIGTERM', () => {
      console.log('closing');
      require('fs').readFile(process.env.GATE, () => { console.log('closed'); process.exit(0); });
    });
    server.on('error', error => { console.log(error.code); process.exit(1); });
    server.listen(process.env.PORT, '127.0.0.1', () => console.log('serving'));
    """

  /// The path of the platform's program.
  private static let platform = Result {
    let directory = try Workspace.newDirectory("platform").path
    try Data(source.utf8).write(to: URL(filePath: directory + "/platform.go"))
    try succeed([
      "env", "GOCACHE=\(directory)/cache", "GO111MODULE=off", "CGO_ENABLED=0", "go", "build", "-o",
      "\(directory)/platform", "\(directory)/platform.go",
    ])
    return directory + "/platform"
  }

  /// `platform DIRECTORY SIGNAL the command…` stops the app on SIGTERM and restarts it on SIGUSR1.
  private static let source = """
    package main

    import (
    	"os"
    	"os/exec"
    	"os/signal"
    	"strconv"
    	"syscall"
    )

    func main() {
    	last, _ := strconv.Atoi(os.Args[2])
    	orders := make(chan os.Signal, 1)
    	signal.Notify(orders, syscall.SIGUSR1, syscall.SIGTERM)
    	for order := os.Signal(syscall.SIGUSR1); order != syscall.SIGTERM; {
    		app := exec.Command(os.Args[3], os.Args[4:]...)
    		app.Dir = os.Args[1]
    		app.Stdout, app.Stderr = os.Stdout, os.Stderr
    		app.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
    		if err := app.Start(); err != nil {
    			panic(err)
    		}
    		order = <-orders
    		app.Process.Signal(syscall.Signal(last))
    		app.Wait()
    	}
    }
    """
}
