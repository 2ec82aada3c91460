import CLinux
import Supervision

/// The children of this process: those that it spawned, and the orphans that it adopted.
enum Children {
  /// Makes this process the parent of the orphans among its descendants.
  /// PR_SET_CHILD_SUBREAPER(2const)
  static func adoptOrphans() -> SystemError? { outcome(clinux_set_subreaper()) }

  /// Looks for one child that ended, stopped or continued, and reaps it if it ended. waitpid(2)
  @inline(__always)
  static func reap(_ inspection: Inspection) -> Event {
    inspection.names == .none
      ? reap(-1, name: ProcessName(), usage: inspection.usage) : reapNamed(inspection)
  }

  /// The same; the name is read before it is gone. waitid(2), proc_pid_comm(5)
  private static func reapNamed(_ inspection: Inspection) -> Event {
    var changed: pid_t = 0
    var isKilled: Int32 = 0
    if unsafe clinux_peek_changed(&changed, &isKilled) < 0 { return sweptOrBroken() }
    // One that changes from now on has a signal of its own.
    if changed == 0 { return .swept(hasChildren: true) }
    let isNamed = inspection.names == .all || isKilled != 0
    let process = ProcessID(rawValue: changed)
    return reap(
      changed, name: isNamed ? ProcessFiles.name(of: process) : ProcessName(),
      usage: inspection.usage)
  }

  /// What a failed wait means.
  private static func sweptOrBroken() -> Event {
    let error = lastError()
    return error == .noChild ? .swept(hasChildren: false) : .broken(error)
  }

  private static func reap(_ child: pid_t, name: ProcessName, usage: Bool) -> Event {
    var status: Int32 = 0
    var used = clinux_usage()
    let options = WNOHANG | WUNTRACED | Int32(WCONTINUED)
    let process = unsafe clinux_wait(child, &status, options, usage ? 1 : 0, &used)
    if process > 0 {
      return .changed(
        Change(
          ProcessID(rawValue: process), WaitStatus(rawValue: status), name: name,
          usage: Summary.Usage(
            peak: used.peak, processorMilliseconds: used.milliseconds)))
    }
    return process == 0 ? .swept(hasChildren: true) : sweptOrBroken()
  }
}
