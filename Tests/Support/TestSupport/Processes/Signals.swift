import Glibc

package enum Signals {
  package static let all = 1...64 as ClosedRange<Int32>

  /// Those that swinit passes on whatever the state of COMMAND.
  package static let forwarded = all.filter {
    ![SIGKILL, SIGSTOP, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU].contains($0)
  }

  /// Those that end a process which does nothing about them.
  package static let deadly = all.filter {
    ![
      SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH,
    ].contains($0)
  }
}
