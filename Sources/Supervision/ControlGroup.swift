// What /proc says of control groups; see cgroups(7) and proc_pid_mountinfo(5).

/// Which control group accounts for the memory of a process: a line of /proc/PID/cgroup.
public struct MemoryGroup {
  /// Whether it is a group of cgroup v2, which has one hierarchy for everything.
  public let isUnified: Bool
  /// Its path from the hierarchy's root.
  public let path: Text

  /// Reads a line; nil if it says nothing of memory.
  public init?(_ line: Text) {
    let (number, rest) = line.split(at: .ascii(":"))
    guard let (controllers, path) = rest?.split(at: .ascii(":")), let path else { return nil }
    isUnified = controllers.isEmpty && "0" ~= number
    guard isUnified || controllers.namesMemory else { return nil }
    self.path = path
  }
}

/// A place where a hierarchy of control groups can be seen: a line of /proc/PID/mountinfo.
public struct MemoryGroupMount {
  /// Whether it is of cgroup v2.
  public let isUnified: Bool
  /// The group that is seen at the top of it.
  public let root: Text
  /// Where it is mounted.
  public let place: Text

  /// Reads a line; nil if it is of another kind, or of a hierarchy without memory.
  public init?(_ line: Text) {
    root = line.word(3)
    place = line.word(4)
    // After a variable number of fields comes a dash; then the type, the source and the options.
    var index = 6
    while !line.word(index).isEmpty, !("-" ~= line.word(index)) { index &+= 1 }
    switch line.word(index &+ 1) {
    case "cgroup2": isUnified = true
    case "cgroup": isUnified = false
    default: return nil
    }
    let options = line.word(index &+ 3)
    guard isUnified || options.namesMemory else { return nil }
  }

  /// How many bytes of a group's path the root of the mount stands for, nil if the group isn't
  /// below it.
  public func lengthOfRoot(above path: Text) -> Int? {
    if "/" ~= root { return 0 }
    guard path.prefix(root.count).isSame(as: root) else { return nil }
    return path.count == root.count || path[root.count] == .ascii("/") ? root.count : nil
  }
}

extension Text {
  /// Whether `memory` is in this list with commas between.
  fileprivate var namesMemory: Bool {
    indexOfPart("memory", separator: .ascii(",")) != nil
  }
}
