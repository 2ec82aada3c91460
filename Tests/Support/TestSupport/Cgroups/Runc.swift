import Foundation

/// A runc container with limited memory: busybox, this machine's programs, and swinit as PID 1.
package struct Runc {
  /// Whether the container has a cgroup namespace, so that its own cgroup appears as the root.
  package let hasCgroupNamespace: Bool
  /// The memory limit in bytes.
  private let limit: Int
  /// Whether swinit is PID 1 rather than the command.
  private let hasInit: Bool
  /// The parent of the container's cgroup, and the suffix of the cgroup's name.
  private let parent: ControlGroup?
  private let suffix: String
  /// How many processes and threads the container may have, if that is limited.
  private let processLimit: Int?

  package init(
    hasCgroupNamespace: Bool, limit: Int = ControlGroup.limit, hasInit: Bool = true,
    parent: ControlGroup? = nil, suffix: String = "", processLimit: Int? = nil
  ) {
    self.hasCgroupNamespace = hasCgroupNamespace
    self.limit = limit
    self.hasInit = hasInit
    self.parent = parent
    self.suffix = suffix
    self.processLimit = processLimit
  }

  package static let needs: [Need] = [
    .root, .program("runc"), .program("busybox", package: "busybox-static"),
  ]

  /// Runs swinit with these arguments, or the arguments as a command without swinit. `directory` is
  /// mounted at `/log`.
  package func run(
    _ arguments: [String], directory log: TemporaryDirectory, _ body: (Run) throws -> Void
  ) throws {
    let bundle = try TemporaryDirectory()
    let identifier = "swinit-" + UUID().uuidString
    try makeRoot(bundle("rootfs"))
    try ControlGroup.withPath(in: parent, suffix: suffix) { group in
      try configuration(arguments, group: group.path, log: log.path).write(to: bundle.path)
      try body(
        Run([
          "runc", "--root", bundle("state"), "run", "--bundle", bundle.path, identifier,
        ]))
    }
  }

  /// The directories of libraries for a dynamically linked swinit, and of programs beside busybox.
  private static let shared = ["/lib", "/lib64", "/usr"]
    .filter { FileManager.default.fileExists(atPath: $0) }

  private func makeRoot(_ root: String) throws {
    let files = FileManager.default
    for directory in ["bin", "proc", "dev", "log", "sys/fs/cgroup"] {
      try files.createDirectory(
        atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
    }
    // A child that is spawned meanwhile would have it open for writing, so that it can't be run.
    try spawnLock.withLock {
      try files.copyItem(atPath: Need.find("busybox") ?? "", toPath: "\(root)/bin/busybox")
    }
    for name in ["sh", "dd", "sleep", "kill"] {
      try files.createSymbolicLink(
        atPath: "\(root)/bin/\(name)", withDestinationPath: "busybox")
    }
    _ = files.createFile(atPath: "\(root)/swinit", contents: nil)
  }

  private func configuration(_ arguments: [String], group: String, log: String) -> ContainerBundle {
    var bundle = ContainerBundle(
      (hasInit ? ["/swinit"] : []) + arguments, environment: ["PATH=/bin:/usr/bin"],
      root: "rootfs", isReadOnly: false,
      mounts: [
        .processes, .init("tmpfs", on: "/dev"), .cgroups, .init(of: log, on: "/log", "rw"),
        .init(of: Swinit.path, on: "/swinit", "ro"),
      ] + Runc.shared.map { .init(of: $0, on: $0, "ro") },
      cgroup: group)
    if hasCgroupNamespace { bundle.namespaces.append("cgroup") }
    bundle.limits = ["memory": ["limit": limit, "swap": limit]]
    if let processLimit { bundle.limits["pids"] = ["limit": processLimit] }
    return bundle
  }
}
