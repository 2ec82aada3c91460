import CLinux
import Supervision

// What comes before the loop.
extension EventLoop {
  /// Prepares swinit for a child; returns the status to exit with on failure.
  @inline(never)  // as `supervise`
  mutating func prepare() -> ExitStatus? {
    if let path = supervisor.options.terminationLog {
      let log = TerminationLog(path)
      if let error = log.error { return fail(.cannotOpenLog(path, error)) }
      terminationLog = log
    }
    // If it stayed ignored, the kernel would discard the command's status.
    if let error = Signals.setDefault(.childChanged) { return fail(.cannotAwaitChildren(error)) }
    // As PID 1 it changes nothing, and one call is cheaper than a check.
    if let error = Reaper.adoptOrphans(), getpid() != 1 {
      write(.cannotAdoptOrphans(error), to: .standardError)
    }
    if let signal = supervisor.options.parentDeathSignal,
      let error = Signals.setParentDeathSignal(signal)
    {
      return fail(.cannotAwaitParent(error))
    }
    return nil
  }

  /// Releases inherited state that is for the command alone, as soon as the command has it.
  mutating func releaseInheritedState() {
    diagnostics.release()
    terminationLog?.moveDown()
    Descriptors.closeAll(from: terminationLog == nil ? 3 : 4)
    _ = unsafe chdir("/")
  }

  /// Reports why swinit can't start; gives the status to exit with.
  @inline(never)  // as `supervise`
  mutating func fail(_ report: Report) -> ExitStatus {
    write(report, to: .terminationLog)
    write(report, to: .standardError)
    return .failure
  }
}
