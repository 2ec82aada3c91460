import Foundation
import TestSupport

extension ContainerBundle {
  /// Writes the bundle of a container, and gives its directory.
  static func make(for spec: Spec, id: String, isRootless: Bool) throws -> URL {
    let directory = try Workspace.newDirectory("bundle")
    let parent = isRootless ? OrdinaryUser.group : "/\(Workspace.token)"
    var bundle = try ContainerBundle(spec, cgroup: "\(parent)/\(id)")
    if isRootless { try bundle.mapUsers() }
    try bundle.write(to: directory.path)
    return directory
  }

  /// The ordinary user is root in the container, and the other users are their subordinate ones.
  private mutating func mapUsers() throws {
    namespaces.append("user")
    for (kind, option) in [("uid", "-u"), ("gid", "-g")] {
      let own = try succeed(["id", option, OrdinaryUser.name])
      let lines = contents("/etc/sub\(kind)").split(separator: "\n")
      let range = lines.first { $0.hasPrefix("\(OrdinaryUser.name):") }?.split(separator: ":")
      guard let range, range.count == 3, let own = Int(own), let first = Int(range[1]),
        let count = Int(range[2])
      else { throw Failure("no subordinate \(kind)s: \(lines)") }
      linux["\(kind)Mappings"] = [
        ["containerID": 0, "hostID": own, "size": 1],
        ["containerID": 1, "hostID": first, "size": count],
      ]
    }
  }

  private init(_ spec: Spec, cgroup: String) throws {
    self.init(
      spec.initCommand, environment: spec.environment, root: try Workspace.rootfs.get().path,
      isReadOnly: true,
      mounts: [
        .processes, .init("tmpfs", on: "/dev", ["nosuid", "mode=755"]),
        .init("devpts", on: "/dev/pts", ["newinstance", "ptmxmode=0666"]), .cgroups,
      ], cgroup: cgroup)
    namespaces += ["network", "cgroup"]
    hostname = "swtest"
    hasTerminal = spec.hasTerminal
    if spec.isShortOfMemory { limits["memory"] = ["limit": Spec.memoryLimit] }
    guard spec.isHardened else {
      capabilities = ContainerBundle.defaultCapabilities
      mayGainPrivileges = true
      mounts.append(.init("tmpfs", on: "/tmp"))
      return
    }
    user = 65534
    limits["pids"] = ["limit": Spec.processLimit]
    linux = [
      "seccomp": try Seccomp.profileWithoutCapabilities(),
      "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list"],
      "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"],
    ]
  }

  /// The capabilities that docker and podman grant to root by default.
  private static let defaultCapabilities = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_SETFCAP",
  ]
}
