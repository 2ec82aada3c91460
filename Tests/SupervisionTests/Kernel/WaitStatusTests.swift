import Supervision
import Testing

@Suite("Wait statuses")
struct WaitStatusTests {
  @Test("The wait status of a process that exited gives its exit status")
  func exited() {
    for status in UInt8.min...UInt8.max {
      let wait = WaitStatus(rawValue: Int32(status) << 8)
      #expect(wait.change == .exited(ExitStatus(rawValue: status)))
      #expect(wait.exitStatus?.rawValue == status)
    }
  }

  @Test(
    "The wait status of a process that signal N killed gives 128+N, core dump or not",
    arguments: 1...64)
  func killed(number: Int32) {
    let signal = Signal(rawValue: number)
    let wait = WaitStatus(rawValue: number)
    #expect(wait.change == .killed(signal, coreDumped: false))
    #expect(wait.exitStatus?.rawValue == UInt8(128 + number))
    let dumped = WaitStatus(rawValue: number | 0x80)
    #expect(dumped.change == .killed(signal, coreDumped: true))
    #expect(dumped.exitStatus?.rawValue == UInt8(128 + number))
  }

  @Test(
    "The wait status of a stopped or continued process gives no exit status",
    arguments: [19, 20, 21, 22, 5])
  func stopped(number: Int32) {
    let wait = WaitStatus(rawValue: number << 8 | 0x7f)
    #expect(wait.change == .stopped(Signal(rawValue: number)))
    #expect(wait.exitStatus == nil)
    let continued = WaitStatus(rawValue: 0xffff)
    #expect(continued.change == .continued)
    #expect(continued.exitStatus == nil)
  }
}
