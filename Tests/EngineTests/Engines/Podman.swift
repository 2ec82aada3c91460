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
    name: "podman", isRootless: false, features: Set(Feature.allCases),
    needs: [.program("podman"), .program("runc"), .program("conmon")])

  /// Without systemd, an ordinary user cannot create cgroups of version 1.
  static let rootless = Setup(
    name: "rootless", isRootless: true,
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
      unifiedFeatures: Set(Feature.allCases), client: setup.client, initOptions: initOptions,
      confinement: setup.confinement)
  }

  /// One user's podman, with separate images and containers.
  final class Setup: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let needs: [Need]
    let features: Set<Feature>
    private let isRootless: Bool
    private let directory: URL
    private let made = Once<[String]>()

    init(name: String, isRootless: Bool, features: Set<Feature>, needs: [Need]) {
      testDescription = name
      self.isRootless = isRootless
      self.features = features
      self.needs = needs
      directory = Workspace.directory.appending(path: "podman-\(name)")
    }

    /// The options of its containers and pods: no network, and cgroups below one with this run's name
    /// where the user can create some.
    var confinement: [String] {
      guard isRootless else { return ImageEngine.confinement }
      let parent = ControlGroup.isUnified ? ["--cgroup-parent", OrdinaryUser.group] : []
      return ImageEngine.noNetwork + parent
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
      if isRootless {
        try succeed(["chown", "-R", OrdinaryUser.name, directory.path])
      }
      let client =
        try launcher() + [
          "env", "-C", directory.path, "CONTAINERS_CONF=\(configuration.path)",
          "HOME=\(directory.path)", "XDG_RUNTIME_DIR=\(directory.path)",
          "podman", "--root", directory.appending(path: "root").path,
          "--runroot", directory.appending(path: "run").path,
          "--tmpdir", directory.appending(path: "tmp").path,
        ]
      try Image.load(into: client)
      Daemons.onFinish {
        _ = try? run(client + ["rm", "--all", "--force", "--time", "0"])
        // This stops the process that keeps an ordinary user's namespaces.
        if self.isRootless { _ = try? run(client + ["system", "migrate"]) }
      }
      return client
    }

    private func launcher() throws -> [String] {
      guard isRootless else { return [] }
      return ControlGroup.isUnified ? try OrdinaryUser.launcherInGroup() : OrdinaryUser.launcher
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
