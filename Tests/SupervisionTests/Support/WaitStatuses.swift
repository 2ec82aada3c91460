import Supervision

// Wait statuses as the kernel makes them.
extension WaitStatus {
  static func exited(_ status: UInt8) -> WaitStatus { WaitStatus(rawValue: Int32(status) << 8) }

  static func killed(by signal: Signal, coreDumped: Bool = false) -> WaitStatus {
    WaitStatus(rawValue: signal.rawValue | (coreDumped ? 0x80 : 0))
  }

  static func stopped(by signal: Signal) -> WaitStatus {
    WaitStatus(rawValue: signal.rawValue << 8 | 0x7f)
  }

  static let continued = WaitStatus(rawValue: 0xffff)
}
