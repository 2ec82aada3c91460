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

  /// Whether a stopped process has stopped itself: the system call that it was in sends SIGSTOP. An
  /// interactive shell's `suspend` does that. `/proc/PID/syscall`, proc(5), kill(2), tgkill(2)
  @inline(never)
  static func hasStoppedItself(_ process: ProcessID) -> Bool {
    var bytes = InlineArray<128, UInt8>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
      let count = unsafe read("/syscall", of: process, into: bytes)
      guard let start = bytes.baseAddress else { return false }
      let (call, arguments) = unsafe Text(start, count: count).split(at: .ascii(" "))
      guard var arguments, let number = call.number(upTo: Int64(Int32.max)) else { return false }
      let index = clinux_signal_argument(Int(truncatingIfNeeded: number))
      guard index > 0 else { return false }
      for _ in SafeRange(Int(index)) {
        guard let rest = arguments.split(at: .ascii(" ")).tail else { return false }
        arguments = rest
      }
      return "0x13" ~= arguments.split(at: .ascii(" ")).head
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
