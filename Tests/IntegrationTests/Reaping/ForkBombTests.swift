import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Fork bombs", .mostlyWaits, .serialized) struct ForkBombTests {
  /// Nor does a process that forks and exits before a signal reaches it.
  @Test(
    "No process of a fork bomb survives the grace period", .needs(ResourceLimit.processesNeed),
    arguments: Place.available,
    [["fork-bomb"], ["comets", "4"]])
  func killed(at place: Place, _ bomb: [String]) throws {
    try expectDuration(of: 1, atMost: 3) { stopwatch in
      let limit = try ResourceLimit.processes(100)
      let run = try Run(
        limit.wrapper + place.wrapper + [Swinit.path, "-k", "1s", probe] + bomb)
      defer { run.keeps.append(limit) }
      try run.expect(line: "ready")
      if bomb == ["fork-bomb"] {
        try run.wait(until: "the process limit is reached") { limit.members.count == 100 }
      }
      stopwatch.start()
      try run.signal(SIGTERM)
      let ending = try run.ending()
      stopwatch.stop()
      let left = limit.members
      #expect(ending == .exited(128 + SIGKILL))
      // On a machine so busy that some haven't exited 2 s after SIGKILL, swinit exits without them.
      guard try stopwatch.duration() < 3 else { return }
      #expect(left == [])
      #expect(run.strayProcesses() == 0)
    }
  }
}
