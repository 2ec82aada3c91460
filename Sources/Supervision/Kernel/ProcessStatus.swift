/// What the kernel tells of a process in one line; see proc_pid_stat(5).
public struct ProcessStatus {
  /// Whether it has ended, and its parent hasn't taken note.
  public let isZombie: Bool
  /// Its parent.
  public let parent: ProcessID
  /// The number of its process group.
  public let group: ProcessID

  /// Reads the line; nil if it is none.
  public init?(_ line: Text) {
    // The name is between parentheses, and may itself hold any of the bytes looked for here.
    var start = line.count
    while start > 0, line[start &- 1] != .ascii(")") { start &-= 1 }
    var fields = line.dropFirst(start &+ 1)
    guard start > 0, !fields.isEmpty else { return nil }
    isZombie = fields[0] == .ascii("Z")
    fields = fields.dropFirst(2)
    let (parent, rest) = fields.split(at: .ascii(" "))
    guard let rest, let parent = ProcessID(parent) else { return nil }
    self.parent = parent
    guard let group = ProcessID(rest.split(at: .ascii(" ")).head) else { return nil }
    self.group = group
  }
}

extension ProcessID {
  /// Reads a number that the kernel wrote; nil if it isn't one.
  public init?(_ text: Text) {
    guard let number = text.number(upTo: Int64(ProcessID.limit) - 1) else { return nil }
    self.init(rawValue: Int32(truncatingIfNeeded: number))
  }

  /// Every number is less: `PID_MAX_LIMIT`.
  public static let limit = 1 << 22
}
