// Lines about control groups in /proc; see cgroups(7) and proc_pid_mountinfo(5).

/// Which control group accounts for the memory of a process, or another resource: a line of
/// /proc/PID/cgroup. The kernel writes the path as it is, without escapes, since no name of a group has
/// a newline in it.
public struct MemoryGroup {
  /// Whether it is a group of cgroup v2, which has one hierarchy for everything.
  public let isUnified: Bool
  /// Its path from the hierarchy's root.
  public let path: Text

  /// Reads a line; nil if its hierarchy doesn't have the controller.
  public init?(_ line: Text, controller: Text = "memory") {
    let (number, rest) = line.split(at: .ascii(":"))
    guard let (controllers, path) = rest?.split(at: .ascii(":")), let path else { return nil }
    isUnified = controllers.isEmpty && "0" ~= number
    guard isUnified || controllers.includes(controller) else { return nil }
    self.path = path
  }
}

/// A mount of a hierarchy of control groups: a line of /proc/PID/mountinfo.
public struct MemoryGroupMount {
  /// Whether it is of cgroup v2.
  public let isUnified: Bool
  /// The group at its root.
  public let root: EscapedPath
  /// Where it is mounted.
  public let mountPoint: EscapedPath

  /// Reads a line; nil if it is of another kind, or of a hierarchy without the controller.
  public init?(_ line: Text, controller: Text = "memory") {
    root = EscapedPath(line.word(3))
    mountPoint = EscapedPath(line.word(4))
    // After a variable number of fields comes a dash; then the type, the source and the options.
    var index = 6
    while !line.word(index).isEmpty, !("-" ~= line.word(index)) { index &+= 1 }
    switch line.word(index &+ 1) {
    case "cgroup2": isUnified = true
    case "cgroup": isUnified = false
    default: return nil
    }
    let options = line.word(index &+ 3)
    guard isUnified || options.includes(controller) else { return nil }
  }

  /// How many bytes of a group's path the root of the mount stands for, nil if the group isn't
  /// below it. A path that begins with `/..` leads out of this process's cgroup namespace, to what
  /// can't be seen.
  public func lengthOfRoot(above path: Text) -> Int? {
    if path.hasPrefix("/..") && (path.count == 3 || path[3] == .ascii("/")) { return nil }
    var length = 0
    for byte in root.bytes {
      guard length < path.count, path[length] == byte else { return nil }
      length &+= 1
    }
    // The root of the hierarchy ends in a slash, with which the rest of the path begins.
    if length == 1 && path[0] == .ascii("/") { return 0 }
    return length == path.count || path[length] == .ascii("/") ? length : nil
  }
}

/// A path in mountinfo, where the kernel writes space, tab, newline and backslash as a backslash and
/// three octal digits; see proc_pid_mountinfo(5), and seq_escape() in the kernel's fs/seq_file.c.
public struct EscapedPath {
  private let text: Text

  init(_ text: Text) { self.text = text }

  /// The bytes of the path itself.
  public var bytes: Bytes { Bytes(rest: text) }

  /// How many bytes the path has.
  public var count: Int {
    var count = 0
    for _ in bytes { count &+= 1 }
    return count
  }

  /// The bytes of the path, one after the other.
  public struct Bytes: Sequence, IteratorProtocol {
    fileprivate var rest: Text

    /// The next byte, nil after the last. A backslash without three octal digits is itself.
    @inline(never)  // 128 bytes
    public mutating func next() -> UInt8? {
      guard !rest.isEmpty else { return nil }
      let first = rest[0]
      let digits = rest.dropFirst(1).prefix(3)
      guard first == .ascii("\\"), let byte = digits.octalByte else {
        rest = rest.dropFirst(1)
        return first
      }
      rest = rest.dropFirst(4)
      return byte
    }
  }
}

extension Text {
  /// Whether a controller is in this list with commas between.
  fileprivate func includes(_ controller: Text) -> Bool {
    indexOfPart(controller, separator: .ascii(",")) != nil
  }

  /// The value of three octal digits, nil if the text is anything else.
  fileprivate var octalByte: UInt8? {
    guard count == 3, self[0] <= .ascii("3") else { return nil }
    var byte: UInt8 = 0
    for index in indices {
      let digit = self[index] &- .ascii("0")
      guard digit < 8 else { return nil }
      byte = byte &* 8 &+ digit
    }
    return byte
  }
}

/// The lengths of a path and of those above it, up to the one that is `top` bytes long, which the
/// path begins with.
public struct ParentPaths: Sequence, IteratorProtocol {
  private let path: Text
  private let top: Int
  private var length: Int?

  /// A path, and how long the last one above it is.
  public init(_ path: Text, top: Int) {
    self.path = path
    self.top = top
    length = path.count >= top && top > 0 ? path.count : nil
  }

  /// The length of the path itself at first, then of the next one above it; nil after the last.
  @inline(never)  // 320 bytes
  public mutating func next() -> Int? {
    guard let end = length else { return nil }
    var start = end &- 1
    while start > top && path[start] != .ascii("/") { start &-= 1 }
    length = start >= top ? start : nil
    return end
  }

  /// The length of the path so many above the first, nil if there are fewer.
  public func after(_ steps: Int) -> Int? {
    var paths = self
    for _ in SafeRange(steps) where paths.next() == nil { return nil }
    return paths.next()
  }
}
