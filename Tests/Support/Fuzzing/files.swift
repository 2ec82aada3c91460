// Fuzzes the files that swinit itself reads: of cgroups and processes, /proc, PATH. `files.c`
// has the files; the address sanitizer detects reads and writes out of bounds.

@testable import Supervision

@_silgen_name("fuzz_file_count") func fileCount() -> CInt
@_silgen_name("fuzz_set_file")
func setFile(_ file: CInt, _ bytes: UnsafePointer<UInt8>?, _ count: Int)
@_silgen_name("fuzz_set_directory")
func setDirectory(_ bytes: UnsafePointer<UInt8>?, _ count: Int, _ depth: CUnsignedInt)

/// libFuzzer calls this with each input, in which 0xff separates the files.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  var parts = input.split(separator: 0xff, omittingEmptySubsequences: false).map { Array($0) }
  while parts.count < Int(fileCount()) + 4 { parts.append([]) }
  // They stay allocated until the next input, as swinit's buffers do.
  for (index, part) in parts.dropFirst(4).prefix(Int(fileCount())).enumerated() {
    setFile(CInt(index), keep(part, index), part.count)
  }
  let depth = CUnsignedInt(parts[0].first ?? 0)
  setDirectory(keep(parts[1], 20), parts[1].count, depth)
  readGroup()
  readProcesses(isPID1: depth & 1 == 0)
  search(parts[2], parts[3])
  return 0
}

nonisolated(unsafe) private var kept: [Int: UnsafeMutablePointer<UInt8>] = [:]

/// The bytes in an exactly sized block of memory.
private func keep(_ bytes: [UInt8], _ place: Int) -> UnsafePointer<UInt8> {
  kept[place]?.deallocate()
  let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
  memory.initialize(from: bytes, count: bytes.count)
  kept[place] = memory
  return UnsafePointer(memory)
}

private func readGroup() {
  var group = Cgroup()
  let first = group.readMemory(details: true)
  // swinit looks for it once.
  let second = group.readMemory(details: false)
  precondition(first?.kills == second?.kills)
  for number in [first?.kills, first?.limit, first?.peak] {
    precondition(number.map { (0...1 << 60).contains($0) } ?? true)
  }
  for controller in ["memory", "pids"] as [Text] {
    let usage = Cgroup.usage(of: controller)
    precondition(usage.map { (0...1 << 60).contains($0.used) } ?? true)
    precondition(usage.map { (0...1 << 60).contains($0.limit) } ?? true)
  }
}

private func readProcesses(isPID1: Bool) {
  var zombies = Zombies()
  for _ in 0..<2 {
    var next = zombies.count(isPID1: isPID1)
    while let zombie = next {
      precondition(zombie.count > 0)
      next = zombies.next()
    }
  }
  _ = ProcessFiles.name(of: ProcessID(rawValue: 1))
}

/// The candidate files of a command: C strings, at most as long as a path.
private func search(_ command: [UInt8], _ path: [UInt8]) {
  let words = [command, path].enumerated().map { index, bytes in
    UnsafeRawPointer(keep(bytes.filter { $0 != 0 } + [0], 30 + index))
      .assumingMemoryBound(to: CChar.self)
  }
  var search = CommandSearch(for: Text(cString: words[0]), in: Text(cString: words[1]))
  while let file = search.next() {
    precondition(!search.usesPath || file.text.count < PathBuffer.file.capacity)
  }
}
