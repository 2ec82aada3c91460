import Foundation
import TestSupport
import Testing

extension EngineTests {
  @Suite("Docker's daemon") struct DockerTests {
    @Test(
      "docker info and docker version show swinit, and the daemon's log has no warning about it")
    func information() throws {
      let client = try client()
      let info = try succeed(client + ["info", "--format", "{{.InitBinary}} {{.InitCommit.ID}}|"])
      #expect(info.hasPrefix(Workspace.swinit.path), "\(info)")
      let version = try succeed(client + ["version"])
      let component = version.split(separator: "\n").drop { !$0.hasPrefix(" swinit:") }
      #expect(component.dropFirst().first?.contains("0.19.0 (swinit ") == true, "\(version)")
      #expect(!version.contains("N/A"), "\(version)")
      let warnings = try Docker.log().split(separator: "\n")
        .filter { $0.contains("level=warning") && $0.contains("init") }
      #expect(warnings == [])
    }

    @Test("A health check that leaves orphans leaves no zombie")
    func healthCheck() throws {
      let client = try client()
      let id = Workspace.newName("health")
      defer { _ = try? run(client + ["rm", "--force", id]) }
      try succeed(
        client + [
          "run", "--detach", "--init", "--name", id, "--network", "none",
          "--env", "SWTEST=\(Workspace.token)",
          "--health-cmd", "sleep 0.01 & sleep 0.02 & echo check >> /tmp/checks",
          "--health-interval", "300ms", Image.plain, "sleep", "1000",
        ])
      let enter = client + ["exec", id]
      try eventually("three checks have run") {
        try run(enter + ["cat", "/tmp/checks"]).lines.count >= 3
      }
      let health = ["inspect", "--format", "{{.State.Health.Status}}", id]
      #expect(try succeed(client + health) == "healthy")
      try eventually("no zombie is left") {
        try run(enter + ["sh", "-c", "grep -l '^State:.Z' /proc/[0-9]*/status"]).status != 0
      }
    }

    private func client() throws -> [String] {
      try require(Need.always + Docker.needs, for: "docker")
      return try Docker.client()
    }
  }
}
