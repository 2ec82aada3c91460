import CLinux
import Supervision

extension EventLoop {
  /// Writes a report. The termination log has sentences, whatever the format of standard error.
  @inline(never)  // as `supervise`: the message takes a page
  mutating func write(_ report: Report, to destination: Report.Destination) {
    let isObject = supervisor.options.logsObjects && destination == .standardError
    var message = Message(isObject ? .json(milliseconds: Clock.time) : .text)
    report.write(to: &message, command: child?.command ?? "swinit", killed: killed)
    switch destination {
    case .standardError: diagnostics.write(message)
    case .terminationLog:
      guard let error = terminationLog?.write(message), let path = supervisor.options.terminationLog
      else { return }
      // Once is enough.
      terminationLog = nil
      write(.cannotWriteLog(path, error), to: .standardError)
    }
  }
}
