import Foundation
import Glibc

/// A control group of a test's own, whose memory is limited. Whatever is in it ends with it.
package struct ControlGroup {
  /// Whether there is but one hierarchy, that of version 2.
  package static let isUnified = !FileManager.default.fileExists(atPath: "/sys/fs/cgroup/memory")

  /// One can be made.
  package static let need = Need.feature(
    "control groups of memory",
    isThere: FileManager.default.isWritableFile(atPath: top + (isUnified ? "" : "/memory")))

  private static let top = "/sys/fs/cgroup"

  /// The path from the root of the hierarchy.
  package let path: String

  /// The most memory that the members of a group have, unless it is told otherwise.
  package static let limit = 32 << 20

  /// Lends a group that is there already.
  package static func withGroup(
    limit: Int = limit, in parent: ControlGroup? = nil, suffix: String = "",
    _ body: (ControlGroup) throws -> Void
  ) throws {
    try withPath(in: parent, suffix: suffix) { group in
      try FileManager.default.createDirectory(
        atPath: group.directory, withIntermediateDirectories: false)
      try group.write("\(limit)", isUnified ? "memory.max" : "memory.limit_in_bytes")
      // Not every kernel counts what is swapped out.
      try? isUnified
        ? group.write("0", "memory.swap.max")
        : group.write("\(limit)", "memory.memsw.limit_in_bytes")
      try body(group)
    }
  }

  /// Lends the path of one that is for somebody else to make. Its name ends with `suffix`.
  package static func withPath(
    in parent: ControlGroup? = nil, suffix: String = "", _ body: (ControlGroup) throws -> Void
  ) throws {
    let group = ControlGroup(
      path: (parent?.path ?? "") + "/swinit-" + UUID().uuidString + suffix)
    defer { group.remove() }
    try body(group)
  }

  /// Where the group is that accounts for the memory.
  package var directory: String {
    ControlGroup.top + (ControlGroup.isUnified ? "" : "/memory") + path
  }

  /// What makes the command that follows it run in the group.
  package var wrapper: [String] {
    ["sh", "-c", "echo 0 >\"$0\" && exec \"$@\"", directory + "/cgroup.procs"]
  }

  /// How many processes of the group the kernel has killed for want of memory.
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
      let deadline = Date(timeIntervalSinceNow: Run.limit)
      while unsafe rmdir(directory) < 0, errno == EBUSY, Date() < deadline {
        let members = contents(of: directory + "/cgroup.procs") ?? ""
        for member in members.split(separator: "\n").compactMap({ pid_t($0) }) {
          kill(member, SIGKILL)
        }
        usleep(10_000)
      }
    }
  }
}
