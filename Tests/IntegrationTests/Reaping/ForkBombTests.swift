import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct ForkBombTests {
  /// After the grace period nothing of a fork bomb lives, nor of processes that are gone before a
  /// signal comes and have left another in their place.
  @Test(
    .needs(ResourceLimit.processesNeed), arguments: Place.available,
    [["fork-bomb"], ["comets", "4"]])
  func isOver(at place: Place, _ bomb: [String]) throws {
    try expectDuration(of: 1, atMost: 3) { stopwatch in
      let limit = try ResourceLimit.processes(100)
      let run = try Run(
        limit.wrapper + place.wrapper + [Swinit.path, "-k", "1s", probe] + bomb)
      defer { run.keeps.append(limit) }
      try run.expect(line: "ready")
      if bomb == ["fork-bomb"] {
        try run.wait(until: "there are no more processes") { limit.members.count == 100 }
      }
      stopwatch.start()
      try run.signal(SIGTERM)
      let ending = try run.ending()
      stopwatch.stop()
      let left = limit.members
      #expect(ending == .exited(128 + SIGKILL))
      #expect(left == [])
      #expect(run.strayProcesses() == 0)
    }
  }
}
