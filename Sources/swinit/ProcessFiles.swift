import CLinux
import Supervision

/// What /proc tells of a process; see proc(5).
enum ProcessFiles {
  /// Its parent, its group, and whether it is a zombie; nil if it is gone. proc_pid_stat(5)
  @inline(never)
  static func status(of process: ProcessID) -> ProcessStatus? {
    var bytes = InlineArray<512, UInt8>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
      let count = unsafe read("/stat", of: process, into: bytes)
      guard let start = bytes.baseAddress else { return nil }
      return unsafe ProcessStatus(Text(start, count: count))
    }
  }

  /// The name of a process, empty if it can't be read. proc_pid_comm(5)
  @inline(never)
  static func name(of process: ProcessID) -> ProcessName {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
      let count = unsafe read("/comm", of: process, into: bytes)
      guard let start = bytes.baseAddress else { return ProcessName() }
      return unsafe ProcessName(Text(start, count: count))
    }
  }

  /// Reads the beginning of a file about a process; gives how many bytes there are, 0 on failure.
  private static func read(
    _ file: Text, of process: ProcessID, into bytes: UnsafeMutableRawBufferPointer
  ) -> Int {
    let descriptor = open(file, of: process)
    guard descriptor >= 0 else { return 0 }
    defer { _ = close(descriptor) }
    return unsafe max(clinux_read(descriptor, bytes.baseAddress, bytes.count), 0)
  }

  private static func open(_ file: Text, of process: ProcessID) -> Int32 {
    let directory: Text = "/proc/"
    var path = InlineArray<32, CChar>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &path) { path in
      guard let start = unsafe path.bindMemory(to: CChar.self).baseAddress else { return -1 }
      var length = directory.count
      unsafe memcpy(start, directory.pointer, length)
      length &+= unsafe Decimal.write(process.rawValue, to: start + length)
      unsafe memcpy(start + length, file.pointer, file.count &+ 1)
      return unsafe clinux_open(start, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    }
  }
}
