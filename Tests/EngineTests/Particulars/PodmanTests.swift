import TestSupport
import Testing

extension EngineTests {
  @Suite("Podman pods") struct PodmanPodTests {
    @Test(
      "swinit --pause as infra container reaps its neighbours' orphans and exits on SIGTERM",
      arguments: [Podman.root, Podman.rootless])
    func infraContainer(setup: Podman.Setup) throws {
      try require(Need.always + setup.needs, for: setup.testDescription)
      let client = try setup.client()
      let pod = Workspace.newName("pod")
      try succeed(
        client + [
          "pod", "create", "--name", pod, "--share", "pid",
          "--infra-image", Image.withEntrypoint, "--infra-command", "/swinit --pause",
        ] + setup.confinement)
      defer { _ = try? run(client + ["pod", "rm", "--force", "--time", "0", pod]) }
      let neighbour = Workspace.newName("neighbour")
      try succeed(
        client + [
          "run", "--detach", "--pod", pod, "--name", neighbour,
        ] + ImageEngine.noNetwork + [
          "--env", "SWTEST=\(Workspace.token)", Image.plain,
          "sh", "-c", "exec sleep 1000",
        ])
      try expectOrphanReaped { try run(client + ["exec", neighbour] + $0) }
      try expectPause(client, neighbour)
      try succeed(client + ["pod", "stop", "--time", "1", pod])
      let infra = try succeed(
        client + ["pod", "inspect", "--format", "{{.InfraContainerID}}", pod])
      let status = try succeed(
        client + ["inspect", "--format", "{{.State.ExitCode}}", infra])
      #expect(status == "0")
    }

    /// Expects that the pod's first process is `swinit --pause`.
    private func expectPause(_ client: [String], _ neighbour: String) throws {
      let command = try succeed(client + ["exec", neighbour, "cat", "/proc/1/cmdline"])
      #expect(command == "/swinit\0--pause\0")
    }
  }
}
