import Foundation
import TestSupport
import Testing

extension EngineTests {
  @Suite("The list of processes in engines") struct ProcessListingTests {
    @Test(
      "In each engine that can execute a second program, swinit --ps lists the container's processes",
      arguments: engines(with: .exec))
    func list(engine: any Engine) throws {
      try engine.with(Spec(command: ["sh", "-c", "echo ready; exec sleep 1000"])) { container in
        try container.waitFor("ready")
        try expectList(container.exec(["/swinit", "--ps"]), command: "sleep 1000")
      }
    }

    /// The clients of docker and of podman.
    enum Client: String, CaseIterable {
      case docker, podman

      var needs: [Need] { self == .docker ? Docker.needs : Podman.root.needs }

      func start() throws -> [String] {
        self == .docker ? try Docker.client() : try Podman.root.client()
      }
    }

    @Test(
      "In an image that has nothing but swinit, swinit --ps lists the processes",
      arguments: Client.allCases)
    func scratch(engine: Client) throws {
      try require(Need.always + engine.needs, for: engine.rawValue)
      let client = try engine.start()
      let image = "localhost/\(Workspace.token)/scratch:1"
      let root = try Workspace.newDirectory("scratch")
      try FileManager.default.copyItem(at: Workspace.swinit, to: root.appending(path: "swinit"))
      let archive = try Workspace.newFile("scratch.tar").path
      try succeed(["tar", "-C", root.path, "--numeric-owner", "-cf", archive, "swinit"])
      try succeed(client + ["import", archive, image])
      let id = Workspace.newName("scratch")
      defer { _ = try? run(client + ["rm", "--force", id]) }
      try succeed(
        client + ["run", "--detach", "--name", id, "--pids-limit", "77"] + ImageEngine.confinement
          + ["--env", "SWTEST=\(Workspace.token)", image, "/swinit", "--pause"])
      try expectList(run(client + ["exec", id, "/swinit", "--ps"]), command: "/swinit --pause")
      let list = try succeed(client + ["exec", id, "/swinit", "--log-format=json", "--ps"])
      let processes = try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]]
      #expect(processes?.count == 1)
      #expect(processes?.first?["command"] as? String == "/swinit --pause")
    }

    /// Expects that PID 1 comes first, that a command is listed, and that the listing swinit isn't.
    private func expectList(_ outcome: Outcome, command: String) throws {
      #expect(outcome.status == 0, "\(outcome)")
      let rows = outcome.lines.drop { !$0.contains("COMMAND") }.dropFirst()
      #expect(rows.first?.split(separator: " ").first == "1", "\(outcome)")
      #expect(rows.contains { $0.hasSuffix(command) }, "\(outcome)")
      #expect(!rows.contains { $0.contains("--ps") }, "\(outcome)")
    }
  }
}
