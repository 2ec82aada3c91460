import CLinux
import Supervision

/// Finds out why a command couldn't be executed, so that the message can say what to change.
struct ExecutionDiagnosis {
  /// How many interpreters the kernel follows, each of which may be a script with another. execve(2)
  private static let interpreterLimit = 6

  let command: Text
  let path: Text?
  let error: SystemError

  /// The failure with the cause that was found.
  var failure: ExecutionFailure {
    let (subject, obstacle) = cause
    return ExecutionFailure(error, subject, obstacle)
  }

  /// What the error is about, and what stands in the way there.
  private typealias Cause = (ExecutionFailure.Subject, ExecutionFailure.Obstacle?)

  private var cause: Cause {
    var search = CommandSearch(for: command, in: path)
    var obstacle: ExecutionFailure.Obstacle?
    while let candidate = search.next() {
      guard let error = candidate.error(.exists) else { return cause(at: candidate) }
      obstacle = obstacle ?? ExecutionDiagnosis.obstacle(of: error)
    }
    if search.usesPath && error == .noSuchFile, let path { return (.commandInPath(path), nil) }
    return (.command, obstacle)
  }

  /// Why this file, which exists, couldn't be executed: something about it, or about one of the
  /// interpreters that it leads to.
  private func cause(at file: CString) -> Cause {
    var file = file
    var subject = ExecutionFailure.Subject.command
    for _ in SafeRange(ExecutionDiagnosis.interpreterLimit) {
      if let error = file.error(.exists) {
        return (subject, ExecutionDiagnosis.obstacle(of: error))
      }
      if let obstacle = obstacle(of: file) { return (subject, obstacle) }
      let needed: Text
      switch ExecutionDiagnosis.head(of: file) {
      case .program(_, let architecture)? where error == .notExecutable:
        let machine = unsafe Text(cString: clinux_machine())
        return (
          subject,
          architecture.isSame(asMachine: machine) ? nil : .foreign(architecture, machine: machine)
        )
      case .program(let interpreter?, _)?, .script(let interpreter)?: needed = interpreter
      default: return (.command, nil)
      }
      guard let next = CommandSearch.join("", needed) else {
        return (.interpreter(needed), nil)
      }
      file = next
      // The first bytes of the next file overwrite those of this one.
      subject = .interpreter(next.text)
    }
    return (.command, nil)
  }

  /// Why a file can't even be looked at, from the error of the call that tried.
  private static func obstacle(of error: SystemError) -> ExecutionFailure.Obstacle? {
    error == .accessDenied ? .unsearchableDirectory(user: geteuid()) : nil
  }

  /// What forbids the execution of a file, nil if nothing of what can be told does. access(2) asks
  /// for the real user, who is the effective one too: swinit refuses to run otherwise.
  private func obstacle(of file: CString) -> ExecutionFailure.Obstacle? {
    guard error == .accessDenied, let status = FileStatus(of: file) else { return nil }
    if status.isOf(type: S_IFDIR) { return .directory }
    if !status.isOf(type: S_IFREG) { return .notRegular }
    if unsafe clinux_is_mounted_noexec(file.pointer) != 0 { return .mountedNoexec }
    if !status.isMarkedExecutable { return .notMarkedExecutable }
    return file.error(.isExecutable) == nil ? nil : .notForThisUser(geteuid())
  }

  /// What the first bytes of a file say, nil if it can't be read. The next call overwrites them.
  @inline(never)  // 208 bytes
  static func head(of file: CString) -> ExecutableHeader? {
    guard case .success(let head) = File.head(of: file) else { return nil }
    return ExecutableHeader(head)
  }
}
