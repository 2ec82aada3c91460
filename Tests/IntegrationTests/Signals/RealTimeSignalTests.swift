import Glibc
import TestSupport
import Testing

@Suite struct RealTimeSignalTests {
  /// Real-time signals queue: as many arrive as were sent, while swinit is busy or stopped too.
  @Test(arguments: Place.available)
  func areCounted(at place: Place) throws {
    let run = try Run.swinit(probe, "members", "1", at: place)
    try run.expect(line: "0 ready")
    let signals = [34, 37, 64] as [Int32]
    for _ in 0..<20 {
      for signal in signals { try run.signal(signal) }
    }
    let lines = try run.lines(60)
    #expect(lines == signals.flatMap { Array(repeating: "0 \($0)", count: 20) })
  }

  /// glibc's posix_spawn leaves 32 and 33, which it keeps for itself, ignored in the command.
  @Test(
    "a command that a real-time signal kills ends with 128 and its number",
    arguments: Place.available)
  func endTheCommand(at place: Place) throws {
    for signal in (Swinit.isMusl ? [32, 33] : []) + [34, 50, 64] as [Int32] {
      let run = try Run.swinit("sh", "-c", "echo ready; exec sleep 1000", at: place)
      try run.expect(line: "ready")
      try run.signal(signal)
      try run.expect(ending: .exited(128 + signal))
    }
  }
}
