/// What `waitpid` reports about a process; see wait(2).
public struct WaitStatus: RawRepresentable, Hashable, Sendable {
  /// The kernel's 16 bits.
  public let rawValue: Int32
  /// A wait status from the kernel's bits.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// What became of the process.
  public enum Change: Equatable, Sendable {
    /// It exited. `WIFEXITED`, `WEXITSTATUS`.
    case exited(ExitStatus)
    /// A signal killed it. `WIFSIGNALED`, `WTERMSIG`, `WCOREDUMP`.
    case killed(Signal, coreDumped: Bool)
    /// A signal stopped it. `WIFSTOPPED`, `WSTOPSIG`.
    case stopped(Signal)
    /// It continued after a stop. `WIFCONTINUED`.
    case continued
  }

  /// The wait status, read.
  public var change: Change {
    if rawValue & 0xffff == 0xffff { return .continued }
    let low = rawValue & 0x7f
    let high = rawValue >> 8 & 0xff
    switch low {
    case 0: return .exited(ExitStatus(rawValue: UInt8(truncatingIfNeeded: high)))
    case 0x7f: return .stopped(Signal(rawValue: high))
    default: return .killed(Signal(rawValue: low), coreDumped: rawValue & 0x80 != 0)
    }
  }

  /// The status that a shell would report: the process's own, or 128 and the signal's number; nil
  /// if the process still runs.
  public var exitStatus: ExitStatus? {
    switch change {
    case .exited(let status): status
    case .killed(let signal, _): .death(by: signal)
    case .stopped, .continued: nil
    }
  }
}
