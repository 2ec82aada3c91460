import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct ForkBombTests {
  /// After the grace period nothing of a fork bomb lives, nor of processes that are gone before a
  /// signal comes and have left another in their place.
  @Test(.limitsProcesses, arguments: Place.available, [["fork-bomb"], ["comets", "4"]])
  func isOver(at place: Place, _ bomb: [String]) throws {
    let limit = try PidsLimit(100)
    let run = try Run(
      ["sh", "-c", "echo $$ > \(limit.path)/cgroup.procs && exec \"$@\"", "sh"] + place.wrapper
        + [Swinit.path, "-k", "1s", probe] + bomb)
    try run.expect(line: "ready")
    if bomb == ["fork-bomb"] {
      try run.wait(until: "there are no more processes") { limit.processes.count == 100 }
    }
    let start = Date()
    try run.signal(SIGTERM)
    let ending = try run.ending()
    let duration = Date().timeIntervalSince(start)
    let left = limit.processes
    #expect(ending == .exited(128 + SIGKILL))
    #expect(left == [])
    #expect(run.strayProcesses() == 0)
    #expect(duration >= 1 && duration < 3, "\(duration)")
  }
}

/// A cgroup of a test's own that limits how many processes there are in it.
private final class PidsLimit {
  let path: String

  init(_ count: Int) throws {
    let root = try #require(PidsLimit.root)
    path = root + "/swinit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try "\(count)\n".write(toFile: path + "/pids.max", atomically: false, encoding: .utf8)
  }

  deinit { unsafe rmdir(path) }

  var processes: [pid_t] {
    (contents(of: path + "/cgroup.procs") ?? "").split(separator: "\n").compactMap { pid_t($0) }
  }

  /// Where the controller of this is: a hierarchy of its own (v1), or enabled in the one (v2).
  static var root: String? {
    if FileManager.default.fileExists(atPath: "/sys/fs/cgroup/pids/cgroup.procs") {
      return "/sys/fs/cgroup/pids"
    }
    let enabled = contents(of: "/sys/fs/cgroup/cgroup.subtree_control") ?? ""
    return enabled.contains("pids") ? "/sys/fs/cgroup" : nil
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test where nobody can limit the number of processes.
  fileprivate static var limitsProcesses: Self {
    .needs(.feature("the cgroup controller of pids", isThere: isRoot && PidsLimit.root != nil))
  }
}
