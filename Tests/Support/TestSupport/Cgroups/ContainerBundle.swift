import Foundation

/// The configuration of an OCI bundle, by which a runtime creates one container.
package struct ContainerBundle {
  package var arguments: [String]
  package var environment: [String]
  /// The root directory, relative to the bundle or absolute.
  package var root: String
  package var isReadOnly: Bool
  package var user = 0
  package var capabilities: [String] = []
  package var mayGainPrivileges = false
  package var hasTerminal = false
  package var hostname: String?
  package var mounts: [Mount]
  package var namespaces = ["pid", "mount", "ipc", "uts"]
  /// The path of the cgroup, and its limits.
  package var cgroup: String
  package var limits: [String: [String: Int]] = [:]
  /// Further entries of `linux`.
  package var linux: [String: Any] = [:]

  package init(
    _ arguments: [String], environment: [String], root: String, isReadOnly: Bool, mounts: [Mount],
    cgroup: String
  ) {
    self.arguments = arguments
    self.environment = environment
    self.root = root
    self.isReadOnly = isReadOnly
    self.mounts = mounts
    self.cgroup = cgroup
  }

  /// A mount in the container.
  package struct Mount {
    let type: String
    let source: String
    let destination: String
    let options: [String]

    package init(_ type: String, on destination: String, _ options: [String] = []) {
      (self.type, source, self.destination, self.options) = (type, type, destination, options)
    }

    /// A directory or file of this machine; the mode is `ro` or `rw`.
    package init(of source: String, on destination: String, _ mode: String) {
      (type, self.source, self.destination) = ("bind", source, destination)
      options = ["rbind", mode]
    }

    package static let processes = Mount("proc", on: "/proc")
    package static let cgroups = Mount(
      "cgroup", on: "/sys/fs/cgroup", ["ro", "nosuid", "noexec", "nodev"])

    var object: [String: Any] {
      ["type": type, "source": source, "destination": destination, "options": options]
    }
  }

  /// Writes `config.json` into the bundle's directory.
  package func write(to directory: String) throws {
    var linux = linux
    linux["namespaces"] = namespaces.map { ["type": $0] }
    linux["cgroupsPath"] = cgroup
    linux["resources"] = limits
    let process: [String: Any] = [
      "terminal": hasTerminal, "user": ["uid": user, "gid": user], "args": arguments,
      "env": environment, "cwd": "/", "noNewPrivileges": !mayGainPrivileges,
      "capabilities": [
        "bounding": capabilities, "effective": capabilities, "permitted": capabilities,
      ],
    ]
    var configuration: [String: Any] = [
      "ociVersion": "1.0.2", "process": process, "linux": linux,
      "root": ["path": root, "readonly": isReadOnly], "mounts": mounts.map(\.object),
    ]
    configuration["hostname"] = hostname
    try JSONSerialization.data(withJSONObject: configuration)
      .write(to: URL(filePath: directory).appending(path: "config.json"))
  }
}
