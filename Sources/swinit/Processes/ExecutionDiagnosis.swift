import CLinux
import Supervision

/// Finds out why a command couldn't be executed, so that the message can say what to change.
struct ExecutionDiagnosis {
  /// How many interpreters the kernel follows, each of which may be a script with another. execve(2)
  private static let interpreterLimit = 6

  let command: Text
  let path: Text?
  let error: SystemError

  /// The failure with the reason that was found.
  var failure: ExecutionFailure {
    let (reason, obstacle) = cause
    return ExecutionFailure(error, reason, obstacle)
  }

  /// What the error is about, and what stands in the way there.
  private typealias Cause = (ExecutionFailure.Reason, ExecutionFailure.Obstacle?)

  private var cause: Cause {
    var search = CommandSearch(for: command, in: path)
    var obstacle: ExecutionFailure.Obstacle?
    while let candidate = unsafe search.next() {
      if unsafe access(candidate, F_OK) == 0 { return unsafe cause(at: candidate) }
      obstacle = obstacle ?? unreachable
    }
    if search.usesPath && error == .noSuchFile, let path { return (.notInPath(path), nil) }
    return (.unknown, obstacle)
  }

  /// Why this file, which exists, couldn't be executed: something about it, or about one of the
  /// interpreters that it leads to.
  private func cause(at file: UnsafePointer<CChar>) -> Cause {
    var file = unsafe file
    var reason = ExecutionFailure.Reason.unknown
    for _ in SafeRange(ExecutionDiagnosis.interpreterLimit) {
      if unsafe access(file, F_OK) != 0 { return (reason, unreachable) }
      if let obstacle = unsafe obstacle(of: file) { return (reason, obstacle) }
      switch unsafe ExecutionDiagnosis.head(of: file) {
      case .program? where error == .notExecutable: return (reason, .foreign)
      case .script(let interpreter)?, .program(let interpreter?)?:
        guard let next = unsafe CommandSearch.join("", interpreter) else {
          return (.interpreter(interpreter), nil)
        }
        unsafe file = next
        // The first bytes of the next file overwrite those of this one.
        reason = unsafe .interpreter(Text(cString: next))
      default: return (.unknown, nil)
      }
    }
    return (.unknown, nil)
  }

  /// Why a file can't even be looked at, from the error of the call that tried.
  private var unreachable: ExecutionFailure.Obstacle? {
    lastError() == .accessDenied ? .unsearchableDirectory(user: geteuid()) : nil
  }

  /// What forbids the execution of a file, nil if nothing of what can be told does. access(2) asks
  /// for the real user, who is the effective one too: swinit refuses to run otherwise.
  private func obstacle(of file: UnsafePointer<CChar>) -> ExecutionFailure.Obstacle? {
    guard error == .accessDenied, let status = unsafe FileStatus(of: file) else { return nil }
    if status.isOf(type: S_IFDIR) { return .directory }
    if !status.isOf(type: S_IFREG) { return .notRegular }
    if unsafe clinux_is_mounted_noexec(file) != 0 { return .mountedNoexec }
    if !status.isMarkedExecutable { return .notMarkedExecutable }
    return unsafe access(file, X_OK) == 0 ? nil : .notForThisUser(geteuid())
  }

  /// The first bytes of a file, nil if it can't be read. The next call overwrites them.
  /// open(2), read(2)
  @inline(never)
  static func head(of file: UnsafePointer<CChar>) -> ExecutableHeader? {
    let descriptor = unsafe clinux_open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    let head = unsafe clinux_head_buffer()
    let count = unsafe clinux_read(descriptor, head, Int(clinux_head_capacity))
    _ = close(descriptor)
    return unsafe ExecutableHeader(Text(UnsafeRawPointer(head), count: max(count, 0)))
  }
}
