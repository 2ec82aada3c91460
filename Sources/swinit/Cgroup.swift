import CLinux
import Supervision

/// The control group that accounts for the memory of this process, and so, as a rule, for that of
/// its descendants.
struct Cgroup {
  /// How long the path of the group's directory is, which stands in `buffer`; nil before it was
  /// looked for, zero if it wasn't found.
  private var length: Int?
  private var isUnified = false

  /// Reads how many processes were killed; the limit and the peak only with `details`.
  @inline(never)
  mutating func readMemory(details: Bool) -> MemoryReading? {
    let length = self.length ?? find()
    self.length = length
    guard length > 0 else { return nil }
    let file: Text = isUnified ? "/memory.events" : "/memory.oom_control"
    guard let kills = number("oom_kill", in: file) else { return nil }
    return MemoryReading(
      kills: kills,
      limit: details ? number(in: isUnified ? "/memory.max" : "/memory.limit_in_bytes") : nil,
      peak: details ? number(in: isUnified ? "/memory.peak" : "/memory.max_usage_in_bytes") : nil,
      now: Clock.now)
  }

  /// The number in a file of one line; nil for `max`, and for v1's number that means no limit.
  private func number(in file: Text) -> Int64? {
    var lines = unsafe TextFile(path(of: file))
    return lines.next()?.number(upTo: 1 << 60)
  }

  /// The number after a word in a file of many lines.
  private func number(_ word: Text, in file: Text) -> Int64? {
    var lines = unsafe TextFile(path(of: file))
    while let line = lines.next() {
      let (name, value) = line.split(at: .ascii(" "))
      if word ~= name { return value?.number(upTo: 1 << 60) }
    }
    return nil
  }

  /// The path of a file in the group's directory.
  private func path(of file: Text) -> UnsafePointer<CChar> {
    let buffer = unsafe Cgroup.buffer()
    unsafe memcpy(buffer + (length ?? 0), file.pointer, file.count &+ 1)
    return unsafe UnsafePointer(buffer)
  }

  /// Finds the group's directory, wherever it is mounted; gives the length of its path.
  private mutating func find() -> Int {
    let capacity = Int(clinux_cgroup_capacity) - 32
    var length = 0
    var lines = unsafe TextFile("/proc/self/cgroup")
    // Where both versions are mounted, v1's line comes first, and has the memory.
    while length == 0, let line = lines.next() {
      guard let group = MemoryGroup(line), group.path.count < capacity else { continue }
      isUnified = group.isUnified
      length = group.path.count
      unsafe memcpy(Cgroup.buffer(), group.path.pointer, length)
    }
    return length > 0 ? place(groupOfLength: length, capacity: capacity) : 0
  }

  /// Turns the path from the hierarchy's root, in `buffer`, into one from the root directory; gives
  /// its length.
  private mutating func place(groupOfLength length: Int, capacity: Int) -> Int {
    let buffer = unsafe Cgroup.buffer()
    let group = unsafe Text(UnsafeRawPointer(buffer), count: length)
    var lines = unsafe TextFile("/proc/self/mountinfo")
    while let line = lines.next() {
      guard let mount = MemoryGroupMount(line), mount.isUnified == isUnified,
        let cut = mount.lengthOfRoot(above: group), mount.place.count &+ length &- cut < capacity
      else { continue }
      let top = mount.place.count
      let kept = length &- cut
      unsafe memmove(buffer + top, buffer + cut, kept)
      unsafe memcpy(buffer, mount.place.pointer, top)
      let end = top &+ kept
      return isUnified ? lengthOfAccount(from: end, top: top) : end
    }
    return 0
  }

  /// A group of v2 may have no account of its own; then the next one above it has.
  private mutating func lengthOfAccount(from length: Int, top: Int) -> Int {
    let buffer = unsafe Cgroup.buffer()
    var end = length
    while end > 0 {
      self.length = end
      if unsafe access(path(of: "/memory.events"), F_OK) == 0 { return end }
      repeat { end &-= 1 } while unsafe end > top && buffer[end] != CChar(UInt8.ascii("/"))
      if end < top { return 0 }
    }
    return 0
  }

  @inline(never)
  private static func buffer() -> UnsafeMutablePointer<CChar> { unsafe clinux_cgroup_buffer() }
}
