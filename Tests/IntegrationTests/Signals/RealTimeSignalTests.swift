import Glibc
import TestSupport
import Testing

@Suite("Real-time signals", .mostlyWaits) struct RealTimeSignalTests {
  @Test(
    "As many real-time signals reach the command as were sent, in order", arguments: Place.available
  )
  func queued(at place: Place) throws {
    let run = try Run.swinit(probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    let signals = [34, 37, 64] as [Int32]
    for _ in 0..<20 {
      for signal in signals { try run.signal(signal) }
    }
    let lines = try run.lines(60)
    #expect(lines == signals.flatMap { Array(repeating: "0 \($0)", count: 20) })
  }

  /// glibc's posix_spawn leaves 32 and 33, which glibc reserves, ignored in the command.
  @Test(
    "A real-time signal that kills the command gives the exit status 128 plus its number",
    arguments: Place.available)
  func exitStatus(at place: Place) throws {
    for signal in (Swinit.isMusl ? [32, 33] : []) + [34, 50, 64] as [Int32] {
      let run = try Run.swinit("sh", "-c", "echo ready; exec sleep 1000", at: place)
      try run.expect(line: "ready")
      try run.signal(signal)
      try run.expect(ending: .exited(128 + signal))
    }
  }
}
