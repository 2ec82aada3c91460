import CLinux
import Supervision

/// The control group that accounts for the memory of this process, and so, as a rule, for that of
/// its descendants.
struct Cgroup {
  /// What it accounts for, by the name of the controller.
  private let controller: Text
  private var isOfMemory: Bool { "memory" ~= controller }
  /// The path of its directory.
  private var directory = PathBuffer.cgroup
  /// The length of the path of the group that accounts for the memory; nil until it is searched for,
  /// zero if there is none.
  private var length: Int?
  /// How much of it is the place where the hierarchy is mounted: the topmost group that can be seen.
  private var lengthOfTop = 0
  /// The length of the path of the group itself, zero if it can't be seen.
  private var lengthOfOwn = 0
  private(set) var isUnified = false
  private var limitHits = LimitHits()

  /// The group of a controller, which is searched for when it is needed.
  init(controller: Text = "memory") { self.controller = controller }

  /// How much of the limit of a controller is used; nil if there is none, or it can't be read.
  @inline(never)  // 368 bytes, with `find`
  static func usage(of controller: Text) -> ProcessListing.Usage? {
    var group = Cgroup(controller: controller)
    return group.usage()
  }

  /// The same, in the innermost group that can be seen and has a limit.
  private mutating func usage() -> ProcessListing.Usage? {
    length = find()
    var lengths = lengths
    while let length = lengths.next() {
      var (limit, used) = numbers("/pids.max", "/pids.current", length)
      if isOfMemory {
        (limit, used) =
          isUnified
          ? numbers("/memory.max", "/memory.current", length)
          : numbers("/memory.limit_in_bytes", "/memory.usage_in_bytes", length)
      }
      if let limit, let used { return ProcessListing.Usage(used: used, limit: limit) }
    }
    return nil
  }

  /// Reads how many processes were killed; with `details`, the limit and the peak of the group that
  /// ran out of memory too.
  @inline(never)  // 368 bytes
  mutating func readMemory(details: Bool) -> MemoryReading? {
    let length = self.length ?? find()
    self.length = length
    guard length > 0 else { return nil }
    if isUnified { readLimitHits() }
    guard let kills = readKills() else { return nil }
    var reading = MemoryReading(kills: kills, limit: nil, peak: nil, now: Clock.now)
    if isUnified {
      guard let group = limitHits.group(kills: kills), details else { return reading }
      if let length = lengths.after(group) {
        (reading.limit, reading.peak) = numbers("/memory.max", "/memory.peak", length)
      }
    } else if details {
      (reading.limit, reading.peak) = limitAndPeakOfVersion1()
    }
    return reading
  }

  /// Reads how many processes were killed, once the memory was read.
  func readKills() -> Int64? {
    guard let length, length > 0 else { return nil }
    return number("oom_kill", in: isUnified ? "/memory.events" : "/memory.oom_control", length)
  }

  /// Reads how often each group that can be seen had used up its memory, and the kernel looked for
  /// a process to kill: that is `oom` in `memory.events.local`, which counts in the group alone
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
      let (limit, peak) = numbers(
        "/memory.limit_in_bytes", "/memory.max_usage_in_bytes", length)
      if LimitHits.mayHaveRunOut(limit: limit, peak: peak) { return (limit, peak) }
    }
    return (nil, nil)
  }

  @inline(never)  // 144 bytes
  private func numbers(
    _ first: Text, _ second: Text, _ length: Int
  ) -> (Int64?, Int64?) {
    (number(in: first, length), number(in: second, length))
  }

  /// How long the paths of the groups are, from the one that accounts for the memory upwards.
  private var lengths: ParentPaths { lengths(from: length ?? 0) }

  private func lengths(from length: Int) -> ParentPaths {
    ParentPaths(directory.text.prefix(length), top: lengthOfTop)
  }

  /// The number in a file of one line; nil for `max`, and for v1's number that means no limit.
  private func number(in file: Text, _ length: Int) -> Int64? {
    var lines = LineReader(path(of: file, length))
    return lines.next()?.number(upTo: 1 << 60)
  }

  /// The number after a word in a file of many lines.
  private func number(_ word: Text, in file: Text, _ length: Int) -> Int64? {
    var lines = LineReader(path(of: file, length))
    while let line = lines.next() {
      let (name, value) = line.split(at: .ascii(" "))
      if word ~= name { return value?.number(upTo: 1 << 60) }
    }
    return nil
  }

  /// The path of a file in the group whose path is so much of `directory`.
  @inline(never)  // 80 bytes
  private func path(of file: Text, _ length: Int) -> CString? {
    var path = PathBuffer.file
    path.append(directory.text.prefix(length))
    path.append(file)
    return path.cString
  }

  /// Finds the group's directory, wherever it is mounted; gives the length of its path.
  @inline(never)
  private mutating func find() -> Int {
    var lines = LineReader("/proc/self/cgroup")
    // Where both versions are mounted, v1's line comes first, and has the memory.
    while let line = lines.next() {
      guard let group = MemoryGroup(line, controller: controller) else { continue }
      isUnified = group.isUnified
      directory.removeAll()
      directory.append(group.path)
      if !directory.isTooLong && !group.path.isEmpty { return findMount() }
    }
    return 0
  }

  /// Turns the path from the hierarchy's root, in `directory`, into one from the root directory; gives
  /// its length.
  private mutating func findMount() -> Int {
    // 100,000 mounts, the kernel's limit, take 20 MB.
    var lines = LineReader("/proc/self/mountinfo", pieces: 1 << 16)
    while let line = lines.next() {
      guard let mount = MemoryGroupMount(line, controller: controller),
        mount.isUnified == isUnified, let cut = mount.lengthOfRoot(above: directory.text)
      else { continue }
      var path = PathBuffer.file
      for byte in mount.mountPoint.bytes { path.append(byte: byte) }
      lengthOfTop = path.text.count
      let below = directory.text.dropFirst(cut)
      // The root of the hierarchy has a name that is nothing but a slash.
      if below.count > 1 { path.append(below) }
      guard path.text.count < directory.capacity else { continue }
      directory.removeAll()
      directory.append(path.text)
      lengthOfOwn = path.text.count
      return isUnified ? length(with: isOfMemory ? "/memory.events" : "/pids.max") : lengthOfOwn
    }
    return 0
  }

  /// How long the path of the group is that has this file. One of v2 may have no account of its own; then
  /// the next one above it has.
  private func length(with file: Text) -> Int {
    var lengths = lengths(from: lengthOfOwn)
    while let length = lengths.next() {
      if let file = path(of: file, length), file.error(.exists) == nil { return length }
    }
    return 0
  }

  /// The path of a file of version 2 in the nearest group that has it; nil if there is none.
  func path(of file: Text) -> CString? {
    let length = isUnified ? length(with: file) : 0
    return length > 0 ? path(of: file, length) : nil
  }

  /// How many processes and threads the group may have, and has, if it has as many as it may.
  func processesAtLimit() -> (limit: Int32, count: Int32)? {
    let length = length(with: "/pids.events")
    guard let limit = number(in: "/pids.max", length),
      let count = number(in: "/pids.current", length), count >= limit
    else { return nil }
    return (Int32(truncatingIfNeeded: limit), Int32(truncatingIfNeeded: count))
  }
}
