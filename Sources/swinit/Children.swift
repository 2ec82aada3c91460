import CLinux
import Supervision

/// The children of this process: those that it spawned, and the orphans that it adopted.
enum Children {
  /// Makes this process the parent of the orphans among its descendants.
  /// PR_SET_CHILD_SUBREAPER(2const)
  static func adoptOrphans() -> SystemError? { outcome(clinux_set_subreaper()) }

  /// Looks for one child that ended, stopped or continued, and reaps it if it ended. wait4(2)
  @inline(__always)
  static func reap(_ inspection: Inspection) -> Event {
    var child = inspection.exited.rawValue
    var name = ProcessName()
    while true {
      let isAnnounced = child != 0
      if !isAnnounced {
        // Its name is gone when it is reaped. waitid(2), proc_pid_comm(5)
        var isKilled: Int32 = 0
        if unsafe clinux_peek_changed(&child, &isKilled) < 0 {
          let error = lastError()
          if error == .interrupted { continue }
          if error == .noChild { return .swept(hasChildren: false) }
          // Some engine's profile may not know the call: then names can't be had, children can.
          child = -1
        } else if child == 0 {
          // One that changes from now on has a signal of its own.
          return .swept(hasChildren: true)
        } else if inspection.names == .all || isKilled != 0 {
          name = ProcessFiles.name(of: ProcessID(rawValue: child))
        }
      }
      var status: Int32 = 0
      var used = clinux_usage()
      let options = WNOHANG | WUNTRACED | Int32(WCONTINUED)
      let process =
        unsafe inspection.usage
        ? clinux_wait(child, &status, options, &used) : wait4(child, &status, options, nil)
      if process > 0 {
        return .changed(
          Change(
            ProcessID(rawValue: process), WaitStatus(rawValue: status), name: name,
            usage: Summary.Usage(
              peak: used.peak, processorMilliseconds: used.milliseconds)))
      }
      if process == 0, child < 0 { return .swept(hasChildren: true) }
      // One that was announced may have been reaped by then; one that stopped may have gone on.
      if process < 0, !isAnnounced, lastError() != .interrupted { return sweptOrBroken() }
      child = 0
    }
  }

  /// What a failed wait means.
  private static func sweptOrBroken() -> Event {
    let error = lastError()
    return error == .noChild ? .swept(hasChildren: false) : .broken(error)
  }
}
