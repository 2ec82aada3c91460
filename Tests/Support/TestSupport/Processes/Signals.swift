import Glibc

package enum Signals {
  package static let all = 1...64 as ClosedRange<Int32>

  /// The signals that swinit forwards whatever the state of the command.
  package static let forwarded = all.filter {
    ![SIGKILL, SIGSTOP, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU].contains($0)
  }

  /// The signals whose default action terminates a process.
  package static let terminating = all.filter {
    ![
      SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH,
    ].contains($0)
  }
}
