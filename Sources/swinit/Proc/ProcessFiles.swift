import CLinux
import Supervision

/// The files about a process in /proc; see proc(5).
enum ProcessFiles {
  /// Its parent, its group, and whether it is a zombie; otherwise the error: EIO if the file is
  /// malformed. proc_pid_stat(5)
  @inline(never)  // 272 bytes
  static func status(of process: ProcessID) -> Result<ProcessStatus, SystemError> {
    switch statusLine(of: process) {
    case .success(let line):
      guard let status = ProcessStatus(line) else { return .failure(.inputOutput) }
      return .success(status)
    case .failure(let error): return .failure(error)
    }
  }

  /// The name of a process, empty if it can't be read. proc_pid_comm(5)
  @inline(never)  // 256 bytes
  static func name(of process: ProcessID) -> ProcessName {
    guard case .success(let line) = read("/comm", of: process) else { return ProcessName() }
    return ProcessName(line)
  }

  /// The function of the kernel in which a process waits, until another file is read; empty if it can't
  /// be read, or the process runs. proc_pid_wchan(5)
  static func waitChannel(of process: ProcessID) -> Text {
    guard case .success(let name) = read("/wchan", of: process), name[0] != .ascii("0") else {
      return ""
    }
    return name
  }

  /// The line of /proc/PID/stat; the next call overwrites it. proc_pid_stat(5)
  static func statusLine(of process: ProcessID) -> Result<Text, SystemError> {
    read("/stat", of: process)
  }

  /// How many pages of memory a process has; nil if it has exited. Small numbers are missing from
  /// /proc/PID/stat. proc_pid_statm(5)
  static func residentPages(of process: ProcessID) -> Int64? {
    guard case .success(let line) = read("/statm", of: process) else { return nil }
    return line.word(1).number(upTo: 1 << 40)
  }

  /// The beginning of a process's command line, with a space between arguments, empty if it has none;
  /// nil if the process has exited. The next call overwrites it. proc_pid_cmdline(5)
  static func commandLine(of process: ProcessID) -> Text? {
    switch read("/cmdline", of: process) {
    case .success(let line):
      var count = line.count
      while count > 0, line[count &- 1] == 0 { count &-= 1 }
      let memory = Memory.file
      for index in SafeRange(count) where line[index] == 0 {
        unsafe memory.start[index] = CChar(bitPattern: .ascii(" "))
      }
      return memory.text(count: count)
    case .failure(.noSuchFile), .failure(.noSuchProcess): return nil
    case .failure: return ""
    }
  }

  /// Whether a process was sent SIGKILL as a whole, and is not reaped. proc_pid_status(5)
  static func hasPendingKill(_ process: ProcessID) -> Bool {
    guard case .success(let lines) = read("/status", of: process) else { return false }
    return ProcessStatus.hasPendingKill(lines)
  }

  /// Whether a stopped process has stopped itself: the system call that it was in sends SIGSTOP. An
  /// interactive shell's `suspend` does that. `/proc/PID/syscall`, proc(5), kill(2), tgkill(2)
  ///
  /// Where the call can't be read, as on arm64 and of a program that its user may not read, it is
  /// assumed of a process that ignores SIGTSTP: such a shell can suspend itself by SIGSTOP only.
  static func hasStoppedItself(_ process: ProcessID) -> Bool {
    guard case .success(let line) = read("/syscall", of: process),
      let number = line.word(0).number(upTo: Int64(Int32.max))
    else {
      guard case .success(let line) = read("/stat", of: process) else { return false }
      return ProcessStatus.ignores(.terminalStop, in: line)
    }
    let index = clinux_signal_argument(Int(truncatingIfNeeded: number))
    // The number of the call comes before its arguments.
    return index > 0 && "0x13" ~= line.word(Int(index) &+ 1)
  }

  /// The beginning of a file about a process; the next call overwrites it.
  private static func read(_ file: Text, of process: ProcessID) -> Result<Text, SystemError> {
    var path = PathBuffer.file
    path.append("/proc/")
    path.append(process.rawValue)
    path.append(file)
    return File.head(of: path.cString)
  }
}
