import Foundation
import TestSupport

extension ContainerBundle {
  /// Writes the bundle of a container, and gives its directory.
  static func make(for spec: Spec, id: String) throws -> URL {
    let directory = try Workspace.newDirectory("bundle")
    try ContainerBundle(spec, id: id).write(to: directory.path)
    return directory
  }

  private init(_ spec: Spec, id: String) throws {
    self.init(
      spec.initCommand, environment: spec.environment, root: try Workspace.rootfs.get().path,
      isReadOnly: true,
      mounts: [
        .processes, .init("tmpfs", on: "/dev", ["nosuid", "mode=755"]),
        .init("devpts", on: "/dev/pts", ["newinstance", "ptmxmode=0666"]), .cgroups,
      ], cgroup: "/\(Workspace.token)/\(id)")
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
