@testable import Supervision

// The kernel's files about processes and cgroups, and the headers of executable files, checked
// against a second, independent reader.

extension Flaw {
  /// /proc/PID/stat, and the same bytes as /proc/PID/comm.
  static func inProcess(_ input: [UInt8]) throws(Flaw) {
    let arena = Arena()
    let status = ProcessStatus(arena.text(input))
    // Behind the name's parenthesis: a space, the state, a space; then fields with spaces between.
    let rest = input.lastIndex(of: UInt8(ascii: ")")).map { Array(input[($0 + 1)...].dropFirst()) }
    let fields = (rest ?? []).dropFirst(2)
      .split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map { Array($0) }
    // The group of a process that is being released is -1.
    if fields.count > 1, let parent = fields[0].processID,
      let group = fields[1] == Array("-1".utf8) ? 0 : fields[1].processID
    {
      // One with other threads is none.
      let digits = fields.count > 16 ? fields[16] : []
      let isNumber = digits.allSatisfy { (0x30...0x39).contains($0) }
      let number = isNumber ? Int64(String(decoding: digits, as: UTF8.self)) : nil
      let threads = number.flatMap { $0 <= Int64(ProcessID.limit) ? $0 : nil } ?? 1
      let isZombie = rest?.first == UInt8(ascii: "Z") && threads <= 1
      try unlessSame(status?.isZombie, isZombie, "whether it is a zombie")
      try unlessSame(status?.parent.rawValue, parent, "the parent")
      try unlessSame(status?.group.rawValue, group, "the group")
    } else {
      try unless(status == nil, "a line without fields is read")
    }
    let name = ProcessName(arena.text(input))
    let bytes = unsafe name.withText { $0.bytes }
    let expected = input.prefix { $0 != 0x0a }.prefix(15).prefix { $0 != 0 }
    try unlessSame(bytes, Array(expected), "the name")
    try unlessSame(name.isEmpty && !expected.isEmpty, false, "whether the name is empty")
  }

  /// A line of /proc/self/cgroup, then lines of /proc/self/mountinfo, then others.
  static func inGroup(_ input: [UInt8]) throws(Flaw) {
    let arena = Arena()
    let lines = input.split(separator: 0x0a, omittingEmptySubsequences: false).map { Array($0) }
    let group = MemoryGroup(arena.text(lines[0]))
    let parts = lines[0].split(
      separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false
    ).map { Array($0) }
    let isUnified = parts.count == 3 && parts[0] == [0x30] && parts[1].isEmpty
    let namesMemory = parts.count == 3 && parts[1].namesMemory
    try unlessSame(
      group?.path.bytes, isUnified || namesMemory ? parts[2] : nil, "the path of a group")
    try unlessSame(group?.isUnified ?? isUnified, isUnified, "whether it is version 2")
    for line in lines.dropFirst() { try inMount(line, group, arena) }
  }

  private static func inMount(
    _ line: [UInt8], _ group: MemoryGroup?, _ arena: Arena
  ) throws(Flaw) {
    let mount = MemoryGroupMount(arena.text(line))
    let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      .map { Array($0) }
    let dash = fields.dropFirst(6).firstIndex { $0 == [UInt8(ascii: "-")] || $0.isEmpty }
    let type = dash.flatMap { $0 + 1 < fields.count ? fields[$0 + 1] : nil } ?? []
    let options = dash.flatMap { $0 + 3 < fields.count ? fields[$0 + 3] : nil } ?? []
    let isUnified = type == Array("cgroup2".utf8)
    let isMount = isUnified || type == Array("cgroup".utf8) && options.namesMemory
    try unlessSame(mount != nil, isMount, "whether \(line) is a mount")
    guard let mount else { return }
    try unlessSame(mount.isUnified, isUnified, "whether it is version 2")
    let place = Array(mount.mountPoint.bytes)
    try unlessSame(Array(mount.root.bytes), fields[3].unescaped, "the root")
    try unlessSame(place, fields[4].unescaped, "the place")
    try unlessSame(mount.mountPoint.count, place.count, "the length of the place")
    try inParents(of: place + (group?.path.bytes ?? []), place.count, arena)
    guard let path = group?.path, let length = mount.lengthOfRoot(above: path) else { return }
    let root = Array(mount.root.bytes)
    let isAbove = length == 0 || path.bytes.starts(with: root) && length == root.count
    try unless(isAbove, "\(root) stands for \(length) bytes of \(path.bytes)")
    try unless(
      length == 0 || length == path.count || path.bytes[length] == UInt8(ascii: "/"),
      "\(root) ends in the midst of a name of \(path.bytes)")
  }

  /// The parents of a path, up to its first `top` bytes.
  private static func inParents(of path: [UInt8], _ top: Int, _ arena: Arena) throws(Flaw) {
    let lengths = Array(ParentPaths(arena.text(path), top: top))
    let slashes = path.indices.filter { $0 > top && path[$0] == UInt8(ascii: "/") }
    let expected = Set([path.count, top] + slashes.filter { $0 < path.count })
    try unlessSame(lengths, top == 0 ? [] : expected.sorted(by: >), "the lengths of \(path)")
  }

  /// The first bytes of a file.
  static func inHead(_ input: [UInt8]) throws(Flaw) {
    let arena = Arena()
    let line = input.prefix { $0 != 0x0a }
    switch ExecutableHeader(arena.text(input)) {
    case .script(let interpreter):
      try unless(input.starts(with: Array("#!".utf8)), "it is no script")
      let word = line.dropFirst(2).drop { [0x20, 0x09, 0].contains($0) }
        .prefix { ![0x20, 0x09, 0].contains($0) }
      try unlessSame(interpreter.bytes, Array(word), "the interpreter")
    case .program(let loader, _):
      try unless(input.starts(with: Array("\u{7f}ELF".utf8)), "it is no program")
      guard let loader else { return }
      try unless(!loader.bytes.contains(0), "a path has a NUL")
      let path = loader.bytes + [0]
      let isThere = input.indices.contains { input[$0...].starts(with: path) }
      try unless(isThere, "\(path) isn't in the file")
    case .text: try unless(!line.contains(0), "text has no NUL")
    case .unknown: try unless(line.contains(0), "it is text")
    }
  }
}

extension [UInt8] {
  fileprivate var processID: Int32? {
    let areDigits = allSatisfy { (0x30...0x39).contains($0) }
    let number = Int(String(decoding: self, as: UTF8.self))
    return areDigits ? number.flatMap { $0 < 1 << 22 ? Int32($0) : nil } : nil
  }

  /// The bytes with the escapes of mountinfo decoded.
  fileprivate var unescaped: [UInt8] {
    var bytes: [UInt8] = []
    var index = 0
    while index < count {
      let digits = self[Swift.min(index + 1, count)..<Swift.min(index + 4, count)]
      let isEscape =
        self[index] == UInt8(ascii: "\\") && digits.count == 3
        && digits.allSatisfy { (0x30...0x37).contains($0) }
      if isEscape, let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) {
        bytes.append(byte)
        index += 4
      } else {
        bytes.append(self[index])
        index += 1
      }
    }
    return bytes
  }

  fileprivate var namesMemory: Bool {
    split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .contains { $0.elementsEqual("memory".utf8) }
  }
}
