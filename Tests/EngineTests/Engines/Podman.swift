import Foundation
import TestSupport
import Testing

enum Podman {
  static let initPath = byInitPath("podman", root)
  static let initPathOfConfiguration = byConfiguration("podman", root)
  static let entrypoint = byEntrypoint("podman", root)
  static let rootlessInitPath = byInitPath("rootless podman", rootless)
  static let rootlessInitPathOfConfiguration = byConfiguration("rootless podman", rootless)
  static let rootlessEntrypoint = byEntrypoint("rootless podman", rootless)

  static let root = Setup(
    name: "podman", launcher: [], features: Set(Feature.allCases),
    needs: [.program("podman"), .program("runc"), .program("conmon")])

  /// Without systemd, an ordinary user cannot create cgroups.
  static let rootless = Setup(
    name: "rootless", launcher: OrdinaryUser.launcher,
    features: Set(Feature.allCases).subtracting([.ownMemoryLimit, .processLimit]),
    needs: root.needs + [
      OrdinaryUser.need, .program("newuidmap", package: "uidmap"),
      .program("fuse-overlayfs"),
    ])

  private static func byInitPath(_ name: String, _ setup: Setup) -> ImageEngine {
    engine(
      "\(name) --init-path", "`podman run --init --init-path /swinit IMAGE COMMAND`", setup,
      ["--init", "--init-path", setup.swinit])
  }

  private static func byConfiguration(_ name: String, _ setup: Setup) -> ImageEngine {
    engine(
      "\(name) init_path",
      "`podman run --init IMAGE COMMAND` with `init_path = \"/swinit\"` in `containers.conf`",
      setup,
      ["--init"])
  }

  private static func byEntrypoint(_ name: String, _ setup: Setup) -> ImageEngine {
    engine("\(name) ENTRYPOINT", ImageEngine.entrypoint, setup, [])
  }

  private static func engine(
    _ name: String, _ usage: String, _ setup: Setup, _ initOptions: [String]
  ) -> ImageEngine {
    ImageEngine(
      name: name, usage: usage, needs: setup.needs, features: setup.features,
      client: setup.client, initOptions: initOptions)
  }

  /// One user's podman, with separate images and containers.
  final class Setup: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let needs: [Need]
    let features: Set<Feature>
    private let launcher: [String]
    private let directory: URL
    private let made = Once<[String]>()

    init(name: String, launcher: [String], features: Set<Feature>, needs: [Need]) {
      testDescription = name
      self.launcher = launcher
      self.features = features
      self.needs = needs
      directory = Workspace.directory.appending(path: "podman-\(name)")
    }

    /// The options of its containers and pods: no network, and cgroups below one with this run's name.
    var confinement: [String] {
      features.contains(.processLimit) ? ImageEngine.confinement : ImageEngine.noNetwork
    }

    /// A copy of swinit that the user can read.
    var swinit: String { directory.appending(path: "swinit").path }

    func client() throws -> [String] { try made.get(make) }

    private func make() throws -> [String] {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: Workspace.swinit, to: URL(filePath: swinit))
      let configuration = directory.appending(path: "containers.conf")
      let recipe = try Readme.recipe("With podman", "toml", swinit: swinit)
      try Data((recipe + Self.configuration).utf8).write(to: configuration)
      if !launcher.isEmpty {
        try succeed(["chown", "-R", OrdinaryUser.name, directory.path])
      }
      let client =
        launcher + [
          "env", "-C", directory.path, "CONTAINERS_CONF=\(configuration.path)",
          "HOME=\(directory.path)", "XDG_RUNTIME_DIR=\(directory.path)",
          "podman", "--root", directory.appending(path: "root").path,
          "--runroot", directory.appending(path: "run").path,
          "--tmpdir", directory.appending(path: "tmp").path,
        ]
      try Image.load(into: client)
      let isRootless = !launcher.isEmpty
      Daemons.onFinish {
        _ = try? run(client + ["rm", "--all", "--force", "--time", "0"])
        // This stops the process that keeps an ordinary user's namespaces.
        if isRootless { _ = try? run(client + ["system", "migrate"]) }
      }
      return client
    }

    /// The rest of the `[containers]` table, and the `[engine]` table.
    private static let configuration = """

      cgroupns = "private"
      default_ulimits = ["nofile=8192:8192", "nproc=4096:4096"]
      [engine]
      cgroup_manager = "cgroupfs"
      events_logger = "file"
      lock_type = "file"
      runtime = "runc"
      """
  }
}
