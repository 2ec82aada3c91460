import CLinux
import Supervision

/// The children of this process: those that it spawned, and the orphans that it adopted.
enum Reaper {
  /// Makes this process the parent of the orphans among its descendants.
  /// PR_SET_CHILD_SUBREAPER(2const)
  static func adoptOrphans() -> SystemError? { SystemError(of: clinux_set_subreaper()) }

  /// Reaps one child that exited, or reports one that stopped or continued. waitpid(2)
  @inline(__always)  // 32 bytes, and each orphan's event stays unpacked
  static func reap(_ inspection: Inspection) -> Event {
    let stops = inspection.stops ? WUNTRACED | Int32(WCONTINUED) : 0
    while true {
      var child: pid_t = -1
      var name = ProcessName()
      if inspection.names != .none {
        switch peek(inspection.names, options: stops) {
        case .child(let process, let itsName): (child, name) = (process.rawValue, itsName)
        case .nothing(let event): return event
        // Some engine's profile may not know the call: then names cannot be had, children can.
        case .refused: break
        }
      }
      var status: Int32 = 0
      var used = clinux_usage()
      let options = WNOHANG | stops | clinux_wait_all
      let process =
        unsafe inspection.usage
        ? clinux_wait(child, &status, options, &used) : clinux_wait(child, &status, options, nil)
      if process > 0 {
        return .changed(
          ChildChange(
            ProcessID(rawValue: process), WaitStatus(rawValue: status), name: name,
            usage: Summary.Usage(peak: used.peak, processorMilliseconds: used.milliseconds)))
      }
      // A child that was looked at may have been continued by then.
      if process == 0, child > 0 { continue }
      if process == 0 { return .swept(hasChildren: true) }
      let error = SystemError(rawValue: 0 &- process)
      return error == .noChild ? .swept(hasChildren: false) : .broken(error)
    }
  }

  /// What a look at the children found.
  private enum Peek {
    /// One that changed, and its name if that is wanted.
    case child(ProcessID, ProcessName)
    /// None that changed.
    case nothing(Event)
    /// The call fails.
    case refused
  }

  /// Looks for a child that changed, and reads its name, which would be gone once it is reaped.
  /// waitid(2), proc_pid_comm(5)
  private static func peek(_ names: Inspection.Names, options: Int32) -> Peek {
    var isKilled: Int32 = 0
    let child = unsafe clinux_peek_changed(options | clinux_wait_all, &isKilled)
    if child == 0 { return .nothing(.swept(hasChildren: true)) }
    if let error = SystemError(of: child) {
      return error == .noChild ? .nothing(.swept(hasChildren: false)) : .refused
    }
    let process = ProcessID(rawValue: child)
    let isNamed = names == .all || isKilled != 0
    return .child(process, isNamed ? ProcessFiles.name(of: process) : ProcessName())
  }
}
