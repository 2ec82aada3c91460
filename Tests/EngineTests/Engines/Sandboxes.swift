import Foundation
import TestSupport

extension Sandbox {
  /// The root directory has no cgroup file system.
  static let unshare = Sandbox(
    name: "unshare",
    usage: "`unshare --fork --pid --mount-proc --kill-child /swinit -- COMMAND`",
    needs: [.program("unshare", package: "util-linux")],
    features: [.exec, .stopSignal, .terminal, .memoryLimit],
    command: { root, _ in unshareCommand([], root) })

  static let unshareByUser = Sandbox(
    name: "unshare by an ordinary user", usage: "the same, with `--user --map-root-user`",
    needs: unshare.needs + [OrdinaryUser.need],
    features: unshare.features,
    command: { root, spec in
      (spec.hasTerminal ? ownTerminal : []) + OrdinaryUser.launcher
        + unshareCommand(["--user", "--map-root-user"], root)
    })

  /// Gives the terminal to the user, as a login does: without /dev/tty, only who may open the terminal
  /// itself can find out whether it is the foreground there.
  private static let ownTerminal = [
    "sh", "-c", "chown \(OrdinaryUser.name) \"$(tty)\" && exec \"$@\"", "sh",
  ]

  private static func unshareCommand(_ options: [String], _ root: String) -> [String] {
    ["unshare"] + options + [
      "--fork", "--pid", "--mount-proc", "--kill-child", "--net", "--root", root,
    ]
  }

  static let bubblewrap = Sandbox(
    name: "bubblewrap", usage: "`bwrap --unshare-pid --as-pid-1 ... /swinit -- COMMAND`",
    needs: [.program("bwrap", package: "bubblewrap")],
    features: [.exec, .stopSignal, .terminal, .hardening, .memoryLimit, .cgroupView],
    command: bubblewrapCommand)

  static let bubblewrapByUser = Sandbox(
    name: "bubblewrap by an ordinary user", usage: "the same",
    needs: bubblewrap.needs + [OrdinaryUser.need],
    features: bubblewrap.features,
    command: { root, spec in OrdinaryUser.launcher + bubblewrapCommand(root, spec) })

  @Sendable private static func bubblewrapCommand(_ root: String, _ spec: Spec) -> [String] {
    let hardening = ["--unshare-user", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"]
    return ["bwrap"] + (spec.isHardened ? hardening : []) + [
      "--unshare-pid", "--unshare-net", "--unshare-ipc", "--as-pid-1", "--die-with-parent",
      "--ro-bind", root, "/", "--proc", "/proc", "--dev", "/dev",
      "--ro-bind", "/sys/fs/cgroup", "/sys/fs/cgroup",
    ]
  }

  /// It needs root.
  static let nspawn = Sandbox(
    name: "systemd-nspawn", usage: "`systemd-nspawn --directory=ROOT /swinit -- COMMAND`",
    needs: [.program("systemd-nspawn", package: "systemd-container")],
    features: Set(Feature.allCases).subtracting([.ownMemoryLimit, .processLimit]),
    command: nspawnCommand, forwardsTERM: true,
    cleaningUp: {
      // It leaves this where /run is on a disk.
      try? FileManager.default.removeItem(
        atPath: "/run/systemd/nspawn/propagate/\(Workspace.token)")
    })

  @Sendable private static func nspawnCommand(_ root: String, _ spec: Spec) -> [String] {
    let hardening = ["--user=nobody", "--drop-capability=all", "--no-new-privileges=yes"]
    let console = spec.hasTerminal ? "interactive" : "pipe"
    return ["systemd-nspawn"] + (spec.isHardened ? hardening : []) + [
      "--quiet", "--register=no", "--keep-unit", "--private-network", "--read-only",
      "--timezone=off", "--resolv-conf=off", "--link-journal=no", "--machine=\(Workspace.token)",
      "--console=\(console)", "--kill-signal=SIG\(spec.stopSignal.rawValue)",
      "--directory=\(root)",
    ] + spec.environment.map { "--setenv=\($0)" }
  }
}
