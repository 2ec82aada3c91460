import Foundation

/// An OCI bundle: a directory with the configuration of one container.
enum Bundle {
  static func make(for spec: Spec, id: String) throws -> URL {
    let bundle = try Workspace.newDirectory("bundle")
    let configuration = try JSONSerialization.data(
      withJSONObject: try configuration(for: spec, id: id))
    try configuration.write(to: bundle.appending(path: "config.json"))
    return bundle
  }

  private static func configuration(for spec: Spec, id: String) throws -> [String: Any] {
    var linux: [String: Any] = [
      "cgroupsPath": "/\(Workspace.token)/\(id)",
      "namespaces": ["pid", "mount", "ipc", "uts", "network", "cgroup"].map { ["type": $0] },
      "resources": resources(for: spec),
    ]
    if spec.isHardened {
      linux["seccomp"] = try Seccomp.profileWithoutCapabilities()
      linux["maskedPaths"] = ["/proc/kcore", "/proc/keys", "/proc/timer_list"]
      linux["readonlyPaths"] = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"]
    }
    return [
      "ociVersion": "1.0.2",
      "process": process(for: spec),
      "root": ["path": try Workspace.rootfs.get().path, "readonly": true],
      "hostname": "swtest",
      "mounts": mounts(for: spec),
      "linux": linux,
    ]
  }

  private static func process(for spec: Spec) -> [String: Any] {
    let id = spec.isHardened ? 65534 : 0
    let capabilities = spec.isHardened ? [] : defaultCapabilities
    return [
      "terminal": spec.hasTerminal,
      "user": ["uid": id, "gid": id],
      "args": spec.initCommand,
      "env": spec.environment,
      "cwd": "/",
      "capabilities": [
        "bounding": capabilities, "effective": capabilities, "permitted": capabilities,
      ],
      "noNewPrivileges": spec.isHardened,
    ]
  }

  private static func resources(for spec: Spec) -> [String: Any] {
    var resources: [String: Any] = [:]
    if spec.isShortOfMemory {
      resources["memory"] = ["limit": Spec.memoryLimit]
    }
    if spec.isHardened {
      resources["pids"] = ["limit": Spec.processLimit]
    }
    return resources
  }

  private static func mounts(for spec: Spec) -> [[String: Any]] {
    var mounts = [
      mount("proc", on: "/proc"),
      mount("tmpfs", on: "/dev", ["nosuid", "mode=755"]),
      mount("devpts", on: "/dev/pts", ["newinstance", "ptmxmode=0666"]),
      mount("cgroup", on: "/sys/fs/cgroup", ["ro", "nosuid", "noexec", "nodev"]),
    ]
    if !spec.isHardened {
      mounts.append(mount("tmpfs", on: "/tmp"))
    }
    return mounts
  }

  private static func mount(
    _ type: String, on path: String, _ options: [String] = []
  ) -> [String: Any] {
    ["type": type, "source": type, "destination": path, "options": options]
  }

  /// The capabilities that docker and podman grant to root by default.
  private static let defaultCapabilities = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_SETFCAP",
  ]
}
