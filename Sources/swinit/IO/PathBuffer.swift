import CLinux
import Supervision

/// The path of a file, put together piece by piece in memory that is there for it.
@safe
struct PathBuffer {
  private let start: UnsafeMutablePointer<CChar>
  /// How many bytes fit, with the NUL and one that is never used.
  let capacity: Int
  private var count = 0

  /// A path that is needed for a moment: the next one overwrites it. There is room for any that can be
  /// opened.
  static var file: PathBuffer {
    unsafe PathBuffer(clinux_path_buffer(), capacity: Int(clinux_path_capacity))
  }

  /// The path of the control group's directory.
  static var cgroup: PathBuffer {
    unsafe PathBuffer(clinux_cgroup_buffer(), capacity: Int(clinux_cgroup_capacity))
  }

  /// An empty path; no other uses this memory.
  init(_ start: UnsafeMutablePointer<CChar>, capacity: Int) {
    unsafe self.start = start
    self.capacity = capacity
  }

  /// Adds a piece.
  mutating func append(_ piece: Text) { for index in piece.indices { append(byte: piece[index]) } }

  /// Adds a number that isn't negative, in decimal digits.
  mutating func append(_ number: Int32) {
    if number >= 10 { append(number / 10) }
    append(byte: UInt8(truncatingIfNeeded: number % 10 &+ 0x30))
  }

  /// Adds a byte.
  mutating func append(byte: UInt8) {
    guard !isTooLong else { return }
    unsafe start[count] = CChar(bitPattern: byte)
    count &+= 1
    unsafe start[count] = 0
  }

  /// Begins anew.
  mutating func removeAll() { count = 0 }

  /// Whether a piece may be missing: the memory is full.
  var isTooLong: Bool { count >= capacity &- 1 }

  /// What there is so far.
  var text: Text { unsafe Text(UnsafeRawPointer(start), count: count) }

  /// The whole path, nil if it is too long.
  var cString: CString? { isTooLong ? nil : unsafe CString(start) }
}
