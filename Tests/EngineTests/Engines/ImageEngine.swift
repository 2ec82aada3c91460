import Foundation
import TestSupport

/// An engine with images and a command line like docker's.
struct ImageEngine: Engine {
  let name: String
  let usage: String
  let needs: [Need]
  let features: Set<Feature>
  let unifiedFeatures: Set<Feature>
  /// Sets up what the engine needs, and gives the command line before the subcommand.
  let client: @Sendable () throws -> [String]
  /// The options that make the engine start swinit; if empty, the image's entry point starts it.
  let initOptions: [String]
  /// The options for no network, and for the place of its cgroups.
  let confinement: [String]

  static let entrypoint = "`ENTRYPOINT [\"/swinit\", \"--\"]` in the Dockerfile"

  static let noNetwork = ["--network", "none"]

  /// No network, and cgroups below one with this run's name.
  static let confinement = noNetwork + ["--cgroup-parent", "/\(Workspace.token)"]

  private var image: String { initOptions.isEmpty ? Image.withEntrypoint : Image.plain }

  func start(_ spec: Spec) throws -> any Container {
    let client = try client()
    let id = Workspace.newName("container")
    let job = try Job(
      spec.launcher + client + ["run", "--name", id] + options(for: spec) + [image] + spec.command,
      terminal: spec.hasTerminal)
    return Client(
      job: job,
      enter: { client + ["exec", id] },
      stopping: { try succeed(client + ["stop", "--time", String(Patience.gracePeriod), id]) },
      pid: {
        let pid = try succeed(client + ["inspect", "--format", "{{.State.Pid}}", id])
        return Int32(pid) ?? 0
      },
      removing: { _ = try? run(client + ["rm", "--force", "--volumes", id]) })
  }

  private func options(for spec: Spec) -> [String] {
    var options = initOptions + ["--stop-signal", spec.stopSignal.rawValue]
    options += confinement
    options += spec.environment.flatMap { ["--env", $0] }
    if spec.hasTerminal {
      options += ["--interactive", "--tty"]
    }
    if spec.isShortOfMemory, has(.ownMemoryLimit) {
      let limit = String(Spec.memoryLimit)
      options += ["--memory", limit, "--memory-swap", limit]
    }
    if spec.isHardened {
      options += [
        "--read-only", "--user", "65534:65534", "--cap-drop", "all",
        "--security-opt", "no-new-privileges",
      ]
      if has(.processLimit) {
        options += ["--pids-limit", String(Spec.processLimit)]
      }
    }
    return options
  }
}

/// The images made of the tests' root directory.
enum Image {
  static let plain = "localhost/\(Workspace.token)/plain:1"
  static let withEntrypoint = "localhost/\(Workspace.token)/entrypoint:1"

  /// The root directory as an archive.
  static let archive = Result {
    let file = try Workspace.newFile("rootfs.tar")
    let root = try Workspace.rootfs.get()
    try succeed(["tar", "-C", root.path, "--numeric-owner", "-cf", file.path, "."])
    return file
  }

  /// Loads both images into an engine.
  static func load(into client: [String]) throws {
    let file = try archive.get().path
    try succeed(client + ["import", file, plain])
    try succeed(
      client + ["import", "--change", "ENTRYPOINT [\"/swinit\", \"--\"]", file, withEntrypoint])
  }

  /// An image with a stop signal, for an engine without an option for it.
  static let stoppedByRealTimeSignal = "localhost/\(Workspace.token)/real-time:1"

  /// The image in docker's archive format.
  static func dockerArchive(
    name: String, entrypoint: [String], stopSignal: StopSignal = .term
  ) throws -> String {
    let directory = try Workspace.newDirectory("image")
    let layer = try archive.get()
    let digest = try succeed(["sha256sum", layer.path]).prefix { $0 != " " }
    let configuration: [String: Any] = [
      "architecture": architecture, "os": "linux",
      "config": ["Entrypoint": entrypoint, "StopSignal": stopSignal.rawValue],
      "rootfs": ["type": "layers", "diff_ids": ["sha256:\(digest)"]],
    ]
    let manifest = [
      ["Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]] as [String: Any]
    ]
    try JSONSerialization.data(withJSONObject: configuration)
      .write(to: directory.appending(path: "config.json"))
    try JSONSerialization.data(withJSONObject: manifest)
      .write(to: directory.appending(path: "manifest.json"))
    try FileManager.default.linkItem(at: layer, to: directory.appending(path: "layer.tar"))
    let file = try Workspace.newFile("image.tar").path
    try succeed(["tar", "-C", directory.path, "-cf", file, "."])
    return file
  }

  #if arch(arm64)
    static let architecture = "arm64"
  #else
    static let architecture = "amd64"
  #endif
}
