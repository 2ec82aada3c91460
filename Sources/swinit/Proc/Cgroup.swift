import CLinux
import Supervision

/// The control group that accounts for the memory of this process, and so, as a rule, for that of
/// its descendants.
struct Cgroup {
  /// How long the path of the group's directory is, which stands in `buffer`; nil before it was
  /// looked for, zero if it wasn't found.
  private var length: Int?
  /// How much of it is the place where the hierarchy is mounted: the topmost group that can be seen.
  private var lengthOfTop = 0
  private var isUnified = false
  private var limitHits = LimitHits()

  /// Reads how many processes were killed; with `details`, the limit and the peak of the group that
  /// ran out of memory too.
  @inline(never)
  mutating func readMemory(details: Bool) -> MemoryReading? {
    let length = self.length ?? find()
    self.length = length
    guard length > 0 else { return nil }
    if isUnified { readLimitHits() }
    let kills = number("oom_kill", in: isUnified ? "/memory.events" : "/memory.oom_control", length)
    guard let kills else { return nil }
    var reading = MemoryReading(kills: kills, limit: nil, peak: nil, now: Clock.now)
    if isUnified {
      guard let group = limitHits.group(kills: kills), details else { return reading }
      if let length = lengths.after(group) {
        (reading.limit, reading.peak) = limitAndPeak("/memory.max", "/memory.peak", length)
      }
    } else if details {
      (reading.limit, reading.peak) = limitAndPeakOfVersion1()
    }
    return reading
  }

  /// Reads how often each group that can be seen had used up its memory, and the kernel looked for
  /// somebody to kill for it: that is `oom` in `memory.events.local`, which counts in the group alone
  /// whose limit it was, whatever group the victim is in.
  private mutating func readLimitHits() {
    var lengths = lengths
    for group in SafeRange(LimitHits.capacity) {
      guard let length = lengths.next() else { return }
      limitHits.record(number("oom", in: "/memory.events.local", length), ofGroup: group)
    }
  }

  /// The limit and the peak of the innermost group that can be seen and may have run out.
  ///
  /// Version 1 doesn't count how often a group did. `memory.failcnt` won't do: it rises when caches
  /// give way as well, and since kernel 6.13 it doesn't rise where memory and swap are limited
  /// together. But a group whose peak has never come near its limit didn't run out for sure.
  private func limitAndPeakOfVersion1() -> (limit: Int64?, peak: Int64?) {
    var lengths = lengths
    for _ in SafeRange(LimitHits.capacity) {
      guard let length = lengths.next() else { break }
      let (limit, peak) = limitAndPeak(
        "/memory.limit_in_bytes", "/memory.max_usage_in_bytes", length)
      if LimitHits.mayHaveRunOut(limit: limit, peak: peak) { return (limit, peak) }
    }
    return (nil, nil)
  }

  @inline(never)
  private func limitAndPeak(
    _ limit: Text, _ peak: Text, _ length: Int
  ) -> (limit: Int64?, peak: Int64?) {
    (number(in: limit, length), number(in: peak, length))
  }

  /// How long the paths of the groups are, from this process's own upwards.
  private var lengths: ParentPaths {
    unsafe ParentPaths(
      Text(UnsafeRawPointer(Cgroup.buffer()), count: length ?? 0), top: lengthOfTop)
  }

  /// The number in a file of one line; nil for `max`, and for v1's number that means no limit.
  private func number(in file: Text, _ length: Int) -> Int64? {
    var lines = unsafe LineReader(Cgroup.path(of: file, length))
    return lines.next()?.number(upTo: 1 << 60)
  }

  /// The number after a word in a file of many lines.
  private func number(_ word: Text, in file: Text, _ length: Int) -> Int64? {
    var lines = unsafe LineReader(Cgroup.path(of: file, length))
    while let line = lines.next() {
      let (name, value) = line.split(at: .ascii(" "))
      if word ~= name { return value?.number(upTo: 1 << 60) }
    }
    return nil
  }

  /// The path of a file in the directory whose path is so much of what stands in `buffer`. It is
  /// made where the file's lines will be: the path isn't needed any more by then.
  private static func path(of file: Text, _ length: Int) -> UnsafePointer<CChar> {
    let path = unsafe Scratch.memory()
    unsafe memcpy(path, buffer(), length)
    unsafe memcpy(path + length, file.pointer, file.count &+ 1)
    return unsafe UnsafePointer(path)
  }

  /// Finds the group's directory, wherever it is mounted; gives the length of its path.
  private mutating func find() -> Int {
    let capacity = Int(clinux_cgroup_capacity)
    var length = 0
    var lines = unsafe LineReader("/proc/self/cgroup")
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
    var lines = unsafe LineReader("/proc/self/mountinfo")
    while let line = lines.next() {
      guard let mount = MemoryGroupMount(line), mount.isUnified == isUnified,
        let cut = mount.lengthOfRoot(above: group), mount.place.count &+ length &- cut < capacity
      else { continue }
      let top = mount.place.count
      // The root of the hierarchy has a name that is nothing but a slash.
      let kept = length &- cut > 1 ? length &- cut : 0
      unsafe memmove(buffer + top, buffer + cut, kept)
      var index = 0
      for byte in mount.place.bytes {
        unsafe buffer[index] = CChar(bitPattern: byte)
        index &+= 1
      }
      lengthOfTop = top
      self.length = top &+ kept
      return isUnified ? lengthOfAccount() : top &+ kept
    }
    return 0
  }

  /// A group of v2 may have no account of its own; then the next one above it has.
  private func lengthOfAccount() -> Int {
    var lengths = lengths
    while let length = lengths.next() {
      if unsafe access(Cgroup.path(of: "/memory.events", length), F_OK) == 0 { return length }
    }
    return 0
  }

  @inline(never)
  private static func buffer() -> UnsafeMutablePointer<CChar> { unsafe clinux_cgroup_buffer() }
}
