import CLinux
import Supervision

/// The children of this process: those that it spawned, and the orphans that it adopted.
enum Children {
  /// Makes this process the parent of the orphans among its descendants.
  /// PR_SET_CHILD_SUBREAPER(2const)
  static func adoptOrphans() -> SystemError? { outcome(clinux_set_subreaper()) }

  /// Looks for one child that ended, stopped or continued, and reaps it if it ended. waitpid(2)
  static func reap() -> Event { reap(-1, name: ProcessName()) }

  /// The same; its name is read before it is gone. waitid(2), proc_pid_comm(5)
  static func reapNamed() -> Event {
    var ended: pid_t = 0
    guard unsafe clinux_peek_ended(&ended) == 0, ended > 0 else { return reap() }
    return reap(ended, name: name(of: ended))
  }

  private static func reap(_ child: pid_t, name: ProcessName) -> Event {
    var status: Int32 = 0
    let process = unsafe waitpid(child, &status, WNOHANG | WUNTRACED | Int32(WCONTINUED))
    if process > 0 {
      return .changed(
        ProcessID(rawValue: process), WaitStatus(rawValue: status), name: name)
    }
    if process == 0 { return .swept(hasChildren: true) }
    let error = lastError()
    return error == .noChild ? .swept(hasChildren: false) : .broken(error)
  }

  /// The name of a process, empty if it can't be read.
  private static func name(of process: pid_t) -> ProcessName {
    var name = ProcessName()
    var path = Line()
    path.append("/proc/")
    path.append(Int(process))
    path.append("/comm\0")
    let file = unsafe path.withBytes { bytes in
      unsafe clinux_open(bytes.bindMemory(to: CChar.self).baseAddress, O_RDONLY | O_CLOEXEC)
    }
    guard file >= 0 else { return name }
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    let count = unsafe read(file, &bytes, bytes.count)
    _ = close(file)
    for index in 0..<max(count, 0) where bytes[index] != 0x0a { name.append(bytes[index]) }
    return name
  }
}
