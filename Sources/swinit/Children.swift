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
    return reap(ended, name: ProcessFiles.name(of: ProcessID(rawValue: ended)))
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
}
