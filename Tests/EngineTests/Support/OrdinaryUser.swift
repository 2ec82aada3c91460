import Foundation
import TestSupport

/// The user for engines that run without root.
enum OrdinaryUser {
  static let name = "swtest"

  static let launcher = ["setpriv", "--reuid", name, "--regid", name, "--init-groups"]

  /// The launcher in a cgroup that is delegated to the user, as systemd does it (cgroups(7)). Engines can
  /// limit containers whose cgroups are in `group`.
  static func launcherInGroup() throws -> [String] {
    try delegation.get(delegate)
    let move = "echo 0 >/sys/fs/cgroup\(group)/engines/cgroup.procs && exec \"$@\""
    return ["sh", "-c", move, "sh"] + launcher
  }

  /// The path of that cgroup in the hierarchy of version 2.
  static let group = "/\(Workspace.token)/\(name)"

  private static let delegation = Once<Void>()

  private static func delegate() throws {
    let script = """
      cd /sys/fs/cgroup
      mkdir -p ".$1/engines"
      echo +cpu +memory +pids >".${1%/*}/cgroup.subtree_control"
      for directory in ".$1" ".$1/engines"; do
        chown "$0" "$directory" "$directory"/cgroup.procs "$directory"/cgroup.subtree_control
      done
      """
    try succeed(["sh", "-euc", script, name, group])
  }

  static let need = Need.feature(
    "a user '\(name)' with subordinate ids (useradd \(name))",
    isThere: contents("/etc/passwd").contains("\n\(name):")
      && contents("/etc/subuid").contains("\(name):"))
}
