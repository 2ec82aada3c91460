import Foundation
import Glibc

/// A memory-limited cgroup of one test. Its members are killed when it is removed.
package struct ControlGroup {
  /// Whether the machine has only the unified hierarchy (cgroup version 2).
  package static let isUnified = !FileManager.default.fileExists(atPath: "/sys/fs/cgroup/memory")

  /// Such a cgroup can be created.
  package static let need = Need.feature(
    "cgroups with the memory controller",
    isThere: FileManager.default.isWritableFile(atPath: top + (isUnified ? "" : "/memory")))

  private static let top = "/sys/fs/cgroup"

  /// The path below the root of the hierarchy.
  package let path: String

  /// The default memory limit.
  package static let limit = 32 << 20

  /// Creates a cgroup for the time of `body`.
  package static func withGroup(
    limit: Int = limit, in parent: ControlGroup? = nil, suffix: String = "",
    _ body: (ControlGroup) throws -> Void
  ) throws {
    // On cgroup v2 a group has the files of the controllers that its parent enables for it.
    if isUnified, let parent { try parent.write("+memory +pids", "cgroup.subtree_control") }
    try withPath(in: parent, suffix: suffix) { group in
      try FileManager.default.createDirectory(
        atPath: group.directory, withIntermediateDirectories: false)
      try group.write("\(limit)", isUnified ? "memory.max" : "memory.limit_in_bytes")
      // Not every kernel accounts for swap.
      try? isUnified
        ? group.write("0", "memory.swap.max")
        : group.write("\(limit)", "memory.memsw.limit_in_bytes")
      try body(group)
    }
  }

  /// Lends a path at which a container runtime creates the cgroup. Its name ends with `suffix`.
  package static func withPath(
    in parent: ControlGroup? = nil, suffix: String = "", _ body: (ControlGroup) throws -> Void
  ) throws {
    let group = ControlGroup(
      path: (parent?.path ?? "") + "/swinit-" + UUID().uuidString + suffix)
    defer { group.remove() }
    try body(group)
  }

  /// The directory of the cgroup with the memory controller.
  package var directory: String {
    ControlGroup.top + (ControlGroup.isUnified ? "" : "/memory") + path
  }

  /// A launcher that moves the command that follows it into the cgroup.
  package var wrapper: [String] {
    ["sh", "-c", "echo 0 >\"$0\" && exec \"$@\"", directory + "/cgroup.procs"]
  }

  /// The number of out-of-memory kills in the cgroup.
  package var outOfMemoryKills: Int? {
    let file = ControlGroup.isUnified ? "memory.events" : "memory.oom_control"
    return contents(of: "\(directory)/\(file)")?.split(separator: "\n")
      .first { $0.hasPrefix("oom_kill ") }?.split(separator: " ").last.flatMap { Int($0) }
  }

  private func write(_ value: String, _ file: String) throws {
    try value.write(toFile: "\(directory)/\(file)", atomically: false, encoding: .utf8)
  }

  private func remove() {
    let controllers = try? FileManager.default.contentsOfDirectory(atPath: ControlGroup.top)
    for controller in ["."] + (controllers ?? []) {
      let directory = "\(ControlGroup.top)/\(controller)\(path)"
      let deadline = ContinuousClock.now + .seconds(Run.limit)
      while unsafe rmdir(directory) < 0, errno == EBUSY, ContinuousClock.now < deadline {
        let members = contents(of: directory + "/cgroup.procs") ?? ""
        for member in members.split(separator: "\n").compactMap({ pid_t($0) }) {
          kill(member, SIGKILL)
        }
        usleep(10_000)
      }
    }
  }
}
