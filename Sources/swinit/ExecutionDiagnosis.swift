import CLinux
import Supervision

/// What is found out about a COMMAND that couldn't be executed, to tell people what to mend.
struct ExecutionDiagnosis {
  let command: Text
  let path: Text?
  let error: SystemError

  /// The failure with the reason that was found.
  var failure: ExecutionFailure { ExecutionFailure(command, error, reason) }

  private var reason: ExecutionFailure.Reason {
    var search = CommandSearch(for: command, in: path)
    while let candidate = unsafe search.next() {
      if unsafe access(candidate, F_OK) == 0 { return unsafe reason(of: candidate) }
    }
    if search.usesPath && error == .noSuchFile, let path { return .notInPath(path) }
    return .unknown
  }

  /// Why this file, which exists, couldn't be executed.
  private func reason(of file: UnsafePointer<CChar>) -> ExecutionFailure.Reason {
    if unsafe ExecutionDiagnosis.isDirectory(file) { return .directory }
    if unsafe access(file, X_OK) != 0 { return .notMarkedExecutable }
    switch unsafe ExecutionDiagnosis.head(of: file) {
    case .program? where error == .notExecutable: return .foreign
    case .script(let interpreter)?, .program(let interpreter?)?:
      return isExecutable(interpreter) ? .unknown : .interpreter(interpreter)
    default: return .unknown
    }
  }

  private func isExecutable(_ interpreter: Text) -> Bool {
    guard let file = unsafe CommandSearch.join("", interpreter) else { return false }
    return unsafe access(file, X_OK) == 0
  }

  static func isDirectory(_ file: UnsafePointer<CChar>) -> Bool {
    let descriptor = unsafe clinux_open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_DIRECTORY)
    if descriptor >= 0 { _ = close(descriptor) }
    return descriptor >= 0
  }

  /// The first bytes of a file, nil if it can't be read. open(2), read(2)
  @inline(never)
  static func head(of file: UnsafePointer<CChar>) -> ExecutableHead? {
    let descriptor = unsafe clinux_open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    let head = unsafe clinux_head_buffer()
    let count = unsafe clinux_read(descriptor, head, Int(clinux_head_capacity))
    _ = close(descriptor)
    return unsafe ExecutableHead(Text(UnsafeRawPointer(head), count: max(count, 0)))
  }
}
