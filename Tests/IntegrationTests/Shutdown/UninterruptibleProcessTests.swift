import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Uninterruptible processes", .serialized) struct UninterruptibleProcessTests {
  /// It waits for a file system that does not answer, and is the command or a descendant. PID 1
  /// exits too, but the kernel keeps its remains until that process has exited.
  @Test(
    "A process that cannot die delays swinit's exit by at most 2 s after the deadline",
    .needs(
      .feature("FUSE", isThere: FileManager.default.isWritableFile(atPath: "/dev/fuse"))),
    arguments: Place.available,
    [
      (["-c", "exec \"$0\" ask \"$1\"/file"], 128 + SIGKILL),
      (["-c", "trap 'exit 6' TERM; setsid \"$0\" ask \"$1\"/file & wait"], 6),
    ] as [([String], Int32)])
  func delay(at place: Place, _ example: (arguments: [String], status: Int32)) throws {
    try expectDuration(of: 2.5) { stopwatch in
      let directory = try TemporaryDirectory()
      let command = ["sh"] + example.arguments + [probe, directory.path]
      let run = try Run(
        [probe, "beside-silent-mount", directory.path] + place.wrapper
          + [Swinit.path, "-k", "500ms"] + command)
      try run.expect(line: "asked")
      let swinit = try run.swinit()
      stopwatch.start()
      try run.signal(SIGTERM)
      try run.wait(until: "swinit exits") { readLink("/proc/\(swinit)/exe") == nil }
      stopwatch.stop()
      if place == .plain {
        let ending = try run.ending()
        #expect(ending == .exited(example.status))
      }
    }
  }
}
