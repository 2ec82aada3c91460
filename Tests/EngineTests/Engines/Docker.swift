import Foundation
import TestSupport

/// A separate docker daemon, whose init is swinit.
enum Docker {
  static let initPath = ImageEngine(
    name: "docker --init-path",
    usage: "`docker run --init IMAGE COMMAND` after `dockerd --init-path /swinit`", needs: needs,
    features: Set(Feature.allCases), unifiedFeatures: Set(Feature.allCases), client: client,
    initOptions: ["--init"], confinement: ImageEngine.confinement)
  static let entrypoint = ImageEngine(
    name: "docker ENTRYPOINT", usage: ImageEngine.entrypoint, needs: needs,
    features: Set(Feature.allCases), unifiedFeatures: Set(Feature.allCases), client: client,
    initOptions: [], confinement: ImageEngine.confinement)

  static let needs =
    [.program("dockerd", package: "docker.io"), .program("docker", package: "docker.io")]
    + Containerd.needs

  private static let daemon = Once<(client: [String], log: Job)>()

  @Sendable static func client() throws -> [String] { try daemon.get(start).client }

  /// The daemon's log so far.
  static func log() throws -> String { try daemon.get(start).log.output() }

  private static func start() throws -> (client: [String], log: Job) {
    let directory = Workspace.directory.appending(path: "docker")
    let containerd = try Containerd.start(
      in: directory.appending(path: "containerd"),
      plugins: "disabled_plugins = [\"io.containerd.grpc.v1.cri\"]")
    let configuration = directory.appending(path: "daemon.json")
    let recipe = try Readme.recipe("As Docker's `--init`", "json", swinit: Workspace.swinit.path)
    try Data(recipe.utf8).write(to: configuration)
    let socket = "unix://\(directory.path)/docker.sock"
    let daemon = try Job([
      "dockerd", "--config-file", configuration.path, "--containerd", containerd,
      "--data-root", directory.appending(path: "data").path,
      "--exec-root", directory.appending(path: "exec").path,
      "--pidfile", directory.appending(path: "docker.pid").path, "--host", socket,
      "--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=overlay2",
      "--cgroup-parent", "/\(Workspace.token)",
    ])
    Daemons.onFinish { daemon.terminate() }
    let client = ["docker", "--host", socket]
    try eventually("dockerd answers", within: Patience.work) {
      try run(client + ["version"]).status == 0
    }
    try Image.load(into: client)
    return (client, daemon)
  }
}
