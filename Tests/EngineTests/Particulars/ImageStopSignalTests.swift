import Foundation
import Glibc
import TestSupport
import Testing

extension EngineTests {
  /// Images whose STOPSIGNAL is their server's own, and the programs of this machine in them.
  @Suite("Images with a stop signal of their own", .serialized) struct ImageStopSignalTests {
    private static let engines = [
      ("docker", Docker.needs, Docker.client), ("podman", Podman.root.needs, Podman.root.client),
    ]

    @Test(
      "An engine's stop by the image's STOPSIGNAL ends each server in good order within its time",
      arguments: engines.map(\.0), StoppedServer.all)
    func stop(engine: String, server: StoppedServer) throws {
      let directory = try TemporaryDirectory()
      let port = try Loopback.unusedPort()
      _ = try server.prepare(directory, port)
      let probe = ["sh", "-c", "grep -q ' 0A ' /proc/net/tcp"]
      let fetch = ["curl", "--silent", "--fail", "http://127.0.0.1:\(port)/word"]
      try expectStop(
        engine, server.needs + [.program("curl")], server.signalName,
        [
          "SWINIT_STOP_SIGNAL=\(server.signalName)",
          "SWINIT_SINGLE_CHILD=\(server.forwards == nil ? 0 : 1)",
        ], server.command(directory), directory
      ) { execute in
        try execute(server.speaksHTTP ? fetch : probe).status == 0
          && (server.forwards.map { try execute($0).status == 0 } ?? true)
      }
    }

    @Test(
      "PostgreSQL's image stops by SIGINT and does not wait for its sessions",
      arguments: engines.map(\.0))
    func postgreSQL(engine: String) throws {
      try require(Need.always + PostgreSQL.needs, for: "PostgreSQL")
      let database = try PostgreSQL()
      var session: Run?
      try expectStop(
        engine, PostgreSQL.needs, "SIGINT", [], database.program.command, database.directory
      ) { _ in
        guard try database.ask("select 1") == "1" else { return false }
        session = try database.session()
        return true
      }
      let outcome = try session?.outcome()
      #expect(
        outcome?.errors.contains("terminating connection due to administrator command") == true)
    }

    /// Starts a container, waits until the server in it is ready, and stops it by its stop signal.
    private func expectStop(
      _ engine: String, _ needs: [Need], _ signal: String, _ variables: [String],
      _ command: [String], _ directory: TemporaryDirectory,
      _ isReady: (([String]) throws -> Outcome) throws -> Bool
    ) throws {
      let (_, engineNeeds, makeClient) = try #require(Self.engines.first { $0.0 == engine })
      try require(Need.always + engineNeeds + needs, for: engine)
      let client = try makeClient()
      let image = try Self.image(client, stopSignal: signal)
      let id = Workspace.newName("stopped")
      defer { _ = try? run(client + ["rm", "--force", id]) }
      let environment =
        ["SWTEST=\(Workspace.token)", "PATH=\(searchPath)", "SWINIT_VERBOSITY=1"]
        + ["SWINIT_KILL_AFTER=100s"] + variables
      try succeed(
        client + ["run", "--detach", "--name", id] + ImageEngine.confinement
          + ["--volume", "/usr:/usr:ro", "--volume", "\(directory.path):\(directory.path)"]
          + environment.flatMap { ["--env", $0] } + [image] + command)
      try eventually("the server is ready", within: Patience.work) {
        try isReady { try run(client + ["exec", id] + $0) }
      }
      try succeed(client + ["stop", "--time", "100", id])
      let status = try succeed(client + ["inspect", "--format", "{{.State.ExitCode}}", id])
      let log = try run(client + ["logs", id]).output
      #expect(status == "0", "\(log)")
      #expect(log.contains("swinit: forwarded \(signal) from outside"), "\(log)")
      #expect(!log.contains("grace period"), "\(log)")
    }

    /// An image of what the programs of this machine need besides `/usr`.
    private static func image(_ client: [String], stopSignal: String) throws -> String {
      let name = "localhost/\(Workspace.token)/host-\(stopSignal.lowercased()):1"
      if try run(client + ["inspect", "--type", "image", name]).status == 0 { return name }
      let base = "localhost/\(Workspace.token)/host:1"
      if try run(client + ["inspect", "--type", "image", base]).status != 0 {
        let entrypoint = "ENTRYPOINT [\"/swinit\", \"--\"]"
        try succeed(client + ["import", "--change", entrypoint, try archive.get(), base])
      }
      // docker's import takes no stop signal.
      let directory = try Workspace.newDirectory("image")
      try Data("FROM \(base)\nSTOPSIGNAL \(stopSignal)\n".utf8)
        .write(to: directory.appending(path: "Dockerfile"))
      try succeed(client + ["build", "--tag", name, directory.path])
      return name
    }

    private static let archive = Result {
      let root = try Workspace.newDirectory("host")
      let files = FileManager.default
      for name in ["dev", "etc", "proc", "run", "sys", "tmp", "usr", "var"] {
        try files.createDirectory(
          at: root.appending(path: name), withIntermediateDirectories: false)
      }
      for name in ["bin", "lib", "lib64", "sbin"] {
        try files.createSymbolicLink(
          atPath: root.appending(path: name).path, withDestinationPath: "usr/\(name)")
      }
      for name in ["group", "ld.so.cache", "mime.types", "nsswitch.conf", "passwd"]
      where files.fileExists(atPath: "/etc/\(name)") {
        try files.copyItem(atPath: "/etc/\(name)", toPath: root.appending(path: "etc/\(name)").path)
      }
      try files.copyItem(at: Workspace.swinit, to: root.appending(path: "swinit"))
      let file = try Workspace.newFile("host.tar").path
      try succeed(["tar", "-C", root.path, "--numeric-owner", "-cf", file, "."])
      return file
    }
  }
}
