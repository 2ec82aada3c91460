import Foundation
import TestSupport
import Testing

/// These tests follow README's recipes as they are written. Other tests use those of Dockerfiles,
/// `daemon.json` and `containers.conf`.
extension EngineTests {
  @Suite("README's recipes") struct RecipeTests {
    @Test("With README's Compose recipe, the server stops gracefully under a configured swinit")
    func compose() throws {
      let needs: [Need] = [.program("docker-compose"), .program("ruby")]
      try require(Need.always + Docker.needs + needs, for: "Compose")
      let context = try Workspace.newDirectory("compose")
      let recipe = context.appending(path: "recipe.yaml")
      try Data(Readme.recipe("With Compose", "yaml").utf8).write(to: recipe)
      let ours = context.appending(path: "ours.yaml")
      try JSONSerialization.data(withJSONObject: [
        "services": [
          "server": [
            "image": Image.plain, "network_mode": "none", "cgroup_parent": "/\(Workspace.token)",
            "environment": ["PATH": "/bin", "SWTEST": Workspace.token, "SWINIT_VERBOSITY": "1"],
            "command": Server.command(endingAt: .term).map { $0.replacing("$", with: "$$") },
          ]
        ]
      ]).write(to: ours)
      let host = try #require(try Docker.client().last)
      let compose = [
        "docker-compose", "--host", host, "--project-name", Workspace.newName("compose"),
        "--file", recipe.path, "--file", ours.path,
      ]
      defer { _ = try? run(compose + ["down", "--timeout", "0"]) }
      try succeed(compose + ["up", "--detach"])
      let logs = compose + ["logs", "--no-color"]
      try eventually("the server is ready") { try run(logs).output.contains("ready") }
      try succeed(compose + ["stop"])
      let output = try succeed(logs)
      #expect(output.contains("worker was told"))
      #expect(output.contains("swinit: 'sh' (process "))
      #expect(output.contains(") exited with status \(Server.status)"))
      #expect(try succeed(compose + ["ps"]).contains("Exit \(Server.status)"))

      let server = try #require(
        (Readme.object("With Compose")["services"] as? [String: [String: Any]])?["server"])
      let environment = try #require(server["environment"] as? [String: String])
      let grace = try seconds(server["stop_grace_period"])
      #expect(try seconds(environment["SWINIT_KILL_AFTER"]) < grace)
    }

    @Test("With README's podman recipe, swinit runs as the container's init")
    func podman() throws {
      try require(Need.always + Podman.initPath.needs, for: "podman")
      let line = try Readme.recipe("With podman", "sh", swinit: Workspace.swinit.path)
      var words = line.split(separator: " ").map(String.init)
      #expect(words.prefix(2) == ["podman", "run"])
      #expect(words.suffix(2) == ["IMAGE", "COMMAND"])
      words = words.dropFirst(2).dropLast(2) + [Image.plain, "true"]
      let output = try succeed(
        Podman.root.client() + ["run", "--rm", "--env", "SWINIT_VERBOSITY=1"]
          + ImageEngine.confinement + words)
      #expect(output.contains("swinit: started 'true' as process "), "\(output)")
    }

    @Test(
      "With README's Kubernetes recipe, a pod stops gracefully and writes a termination message",
      arguments: [Kubernetes.privateProcesses, .sharedProcesses])
    func kubernetes(engine: Kubernetes) throws {
      try require([.program("ruby")], for: "YAML")
      let manifest = try #require(try Readme.object("In Kubernetes")["spec"] as? [String: Any])
      let container = try #require((manifest["containers"] as? [[String: Any]])?.first)
      let variables = try #require(container["env"] as? [[String: String]])
      let grace = try #require(manifest["terminationGracePeriodSeconds"] as? Int)
      for variable in variables where variable["name"] == "SWINIT_KILL_AFTER" {
        #expect(try seconds(variable["value"]) < grace)
      }
      let spec = Spec(
        command: Server.command(endingAt: .term),
        variables: variables.map { "\($0["name"] ?? "")=\($0["value"] ?? "")" })
      try engine.with(spec) { container in
        try Server.expectGracefulStop(of: container)
        let message = try #require(container as? PodContainer).terminationMessage()
        #expect(message.contains(") exited with status \(Server.status) after "), "\(message)")
      }
    }

    @Test("With README's shell recipe, nothing that the command started remains, daemons included")
    func shell() throws {
      try require(Need.always, for: "a shell")
      let programs = try Workspace.newDirectory("programs")
      let make = programs.appending(path: "make")
      let daemon = programs.appending(path: "daemon").path
      let script = """
        #!/bin/sh
        (setsid sh -c 'echo $$ >\(daemon); exec sleep 1000' >/dev/null 2>&1 &)
        until [ -s \(daemon) ]; do sleep 0.01; done
        echo "$*"; exit 3

        """
      try Data(script.utf8).write(to: make)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: make.path)
      try FileManager.default.createSymbolicLink(
        at: programs.appending(path: "swinit"), withDestinationURL: Workspace.swinit)
      // The grace period is longer than the test's own limit, so that nothing is killed at its end.
      let line = try Readme.recipe("In CI, and in a shell", "sh")
        .replacing(/(-k ?|--kill-after[ =])\d+s/) { "\($0.1)1h" }
      #expect(line.contains("1h"))
      let outcome = try run(["env", "PATH=\(programs.path):/usr/bin:/bin", "sh", "-c", line])
      #expect(outcome.status == 3 && outcome.output == "test\n", "\(outcome)")
      let pid = contents(daemon).trimmingCharacters(in: .newlines)
      #expect(Int(pid) != nil && contents("/proc/\(pid)/comm").isEmpty, "\(pid)")
    }

    /// The seconds of a duration such as `15s`.
    private func seconds(_ duration: Any?) throws -> Int {
      let text = try #require(duration as? String)
      #expect(text.last == "s")
      return try #require(Int(text.dropLast()))
    }
  }
}
