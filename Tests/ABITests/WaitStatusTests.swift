import CHeaders
import Supervision
import Testing

@Suite("Wait statuses of the C headers")
struct WaitStatusTests {
  /// The result of the C macros; nil if none of them holds, for which the kernel has no use.
  private func change(by status: c_wait_status) -> WaitStatus.Change? {
    if status.exited { return .exited(ExitStatus(rawValue: UInt8(status.exit_status))) }
    if status.signaled {
      let signal = Signal(rawValue: status.termination_signal)
      return .killed(signal, coreDumped: status.core_dumped)
    }
    if status.stopped { return .stopped(Signal(rawValue: status.stop_signal)) }
    return status.continued ? .continued : nil
  }

  @Test("All 65,536 wait statuses are read as the C macros read them")
  func all() {
    var wrong: [Int32] = []
    var unknown: [Int32] = []
    for bits in Int32(0)...0xffff {
      let status = WaitStatus(rawValue: bits)
      guard let change = change(by: c_wait_status(bits)) else {
        unknown.append(bits)
        continue
      }
      let exitStatus: Int32? =
        switch change {
        case .exited(let status): Int32(status.rawValue)
        case .killed(let signal, _): 128 + signal.rawValue
        case .stopped, .continued: nil
        }
      if status.change != change || status.exitStatus.map({ Int32($0.rawValue) }) != exitStatus {
        wrong.append(bits)
      }
    }
    #expect(wrong == [])
    #expect(unknown == (0..<255).map { $0 << 8 | 0xff })
  }
}
