import Foundation
package import Glibc
import Testing

/// A cgroup of one test that limits processes or processor time. It is removed with this object,
/// which must outlive its members.
package final class ResourceLimit {
  /// The cgroup's directory.
  package let path: String

  /// The file that holds the limit.
  package let file: String

  /// Limits the number of processes, in the cgroup that limits their memory if there is one and on cgroup
  /// v2, where each process is in one cgroup.
  package static func processes(
    _ count: Int, beside memory: ControlGroup? = nil
  ) throws -> ResourceLimit {
    let group = ControlGroup.isUnified ? memory?.directory : nil
    let limit =
      try group.map { ResourceLimit(at: $0, "pids.max") } ?? ResourceLimit("pids", "pids.max")
    try limit.set("\(count)")
    return limit
  }

  /// Limits processor time to a percentage of one processor, in periods of 100 ms.
  package static func processor(percent: Int) throws -> ResourceLimit {
    let isUnified = ControlGroup.isUnified
    let limit = try ResourceLimit("cpu", isUnified ? "cpu.max" : "cpu.cfs_quota_us")
    try limit.set(isUnified ? "\(percent * 1000) 100000" : "\(percent * 1000)")
    return limit
  }

  private init(at path: String, _ name: String) {
    self.path = path
    file = "\(path)/\(name)"
  }

  private convenience init(_ controller: String, _ name: String) throws {
    let root = try #require(ResourceLimit.root(of: controller))
    self.init(at: root + "/swinit-" + UUID().uuidString, name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { unsafe rmdir(path) }

  package func set(_ value: String) throws {
    try value.write(toFile: file, atomically: false, encoding: .utf8)
  }

  /// A launcher that moves the command that follows it into the cgroup.
  package var wrapper: [String] {
    ["sh", "-c", "echo 0 >\"$0\" && exec \"$@\"", path + "/cgroup.procs"]
  }

  package var members: [pid_t] {
    (contents(of: path + "/cgroup.procs") ?? "").split(separator: "\n").compactMap { pid_t($0) }
  }

  /// The number of processes can be limited.
  package static let processesNeed = need("pids")

  /// Processor time can be limited.
  package static let processorNeed = need("cpu")

  private static func need(_ controller: String) -> Need {
    .feature(
      "root and the cgroup controller \(controller)",
      isThere: isRoot && root(of: controller) != nil)
  }

  /// The controller's own hierarchy (version 1), or the unified one where it is enabled (version 2).
  private static func root(of controller: String) -> String? {
    if FileManager.default.fileExists(atPath: "/sys/fs/cgroup/\(controller)/cgroup.procs") {
      return "/sys/fs/cgroup/\(controller)"
    }
    let enabled = contents(of: "/sys/fs/cgroup/cgroup.subtree_control") ?? ""
    return enabled.split(whereSeparator: \.isWhitespace).contains { $0 == controller }
      ? "/sys/fs/cgroup" : nil
  }
}
