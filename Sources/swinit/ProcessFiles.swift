import CLinux
import Supervision

/// What /proc tells of processes; see proc(5).
enum ProcessFiles {
  /// Calls `body` with each process there is; false if /proc can't be read, or counts processes
  /// otherwise than this process's PID namespace does. getdents64(2), proc_pid_stat(5)
  static func forEach(_ body: (ProcessID, ProcessStatus) -> Void) -> Bool {
    let directory = unsafe clinux_open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return false }
    defer { _ = close(directory) }
    guard isOwn(directory) else { return false }
    var buffer = InlineArray<4096, UInt8>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &buffer) { buffer in
      while true {
        let count = unsafe clinux_read_directory(directory, buffer.baseAddress, UInt(buffer.count))
        guard count > 0, let start = buffer.baseAddress else { return count == 0 }
        unsafe forEach(of: UnsafeRawBufferPointer(start: start, count: count), body)
      }
    }
  }

  /// Calls `body` with each process among directory entries.
  private static func forEach(
    of entries: UnsafeRawBufferPointer, _ body: (ProcessID, ProcessStatus) -> Void
  ) {
    guard let start = entries.baseAddress else { return }
    var offset = 0
    while offset < entries.count {
      let entry = unsafe start + offset
      offset += Int(
        unsafe entry.load(fromByteOffset: clinux_entry_length_offset, as: UInt16.self))
      let name = unsafe Text(
        cString: (entry + Int(clinux_entry_name_offset)).assumingMemoryBound(to: CChar.self))
      if let process = ProcessID(name), let status = status(of: process) { body(process, status) }
    }
  }

  /// Whether /proc is that of this process's PID namespace: it knows this process by its number.
  private static func isOwn(_ directory: Int32) -> Bool {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
      guard let start = unsafe bytes.bindMemory(to: CChar.self).baseAddress else { return false }
      let count = unsafe readlinkat(directory, "self", start, bytes.count)
      return unsafe ProcessID(Text(start, count: max(count, 0)))?.rawValue == getpid()
    }
  }

  private static func status(of process: ProcessID) -> ProcessStatus? {
    var bytes = InlineArray<512, UInt8>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
      let count = unsafe read("/stat", of: process, into: bytes)
      guard let start = bytes.baseAddress else { return nil }
      return unsafe ProcessStatus(Text(start, count: count))
    }
  }

  /// The name of a process, empty if it can't be read. proc_pid_comm(5)
  static func name(of process: ProcessID) -> ProcessName {
    var name = ProcessName()
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    let count = unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
      unsafe read("/comm", of: process, into: bytes)
    }
    for index in 0..<count where bytes[index] != 0x0a { name.append(bytes[index]) }
    return name
  }

  /// Reads the beginning of a file about a process; gives how many bytes there are, 0 on failure.
  private static func read(
    _ file: StaticString, of process: ProcessID, into bytes: UnsafeMutableRawBufferPointer
  ) -> Int {
    let descriptor = open(file, of: process)
    guard descriptor >= 0 else { return 0 }
    defer { _ = close(descriptor) }
    return unsafe max(CLinux.read(descriptor, bytes.baseAddress, bytes.count), 0)
  }

  private static func open(_ file: StaticString, of process: ProcessID) -> Int32 {
    var path = InlineArray<32, UInt8>(repeating: 0)
    // The digits are the last of what comes before the file's name, and are written first.
    var rest = process.rawValue
    var start = path.count - file.utf8CodeUnitCount - 1
    for index in 0..<file.utf8CodeUnitCount {
      path[start + index] = unsafe file.utf8Start[index]
    }
    repeat {
      start -= 1
      path[start] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
      rest /= 10
    } while rest > 0
    let directory: StaticString = "/proc/"
    start -= directory.utf8CodeUnitCount
    for index in 0..<directory.utf8CodeUnitCount {
      path[start + index] = unsafe directory.utf8Start[index]
    }
    return unsafe withUnsafeBytes(of: &path) { path in
      unsafe clinux_open(
        path.dropFirst(start).withMemoryRebound(to: CChar.self) { $0.baseAddress },
        O_RDONLY | O_CLOEXEC)
    }
  }
}
