import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct UninterruptibleProcessTests {
  /// A process that can't die, since it waits for a file system that doesn't answer, delays the end
  /// by 2 s and no more, be it COMMAND or another. As PID 1, swinit leaves too, but the kernel keeps
  /// what is left of it until that process has gone.
  @Test(
    .needs(
      .feature("FUSE", isThere: FileManager.default.isWritableFile(atPath: "/dev/fuse"))),
    arguments: Place.available,
    [
      (["-c", "exec \"$0\" ask \"$1\"/file"], 128 + SIGKILL),
      (["-c", "trap 'exit 6' TERM; setsid \"$0\" ask \"$1\"/file & wait"], 6),
    ] as [([String], Int32)])
  func isNotWaitedFor(at place: Place, _ example: (words: [String], status: Int32)) throws {
    try expectDuration(of: 2.5) { stopwatch in
      let directory = try TemporaryDirectory()
      let command = ["sh"] + example.words + [probe, directory.path]
      let run = try Run(
        [probe, "beside-silent-mount", directory.path] + place.wrapper
          + [Swinit.path, "-k", "500ms"] + command)
      try run.expect(line: "asked")
      let swinit = try run.swinit()
      stopwatch.start()
      try run.signal(SIGTERM)
      try run.wait(until: "swinit leaves") { readLink("/proc/\(swinit)/exe") == nil }
      stopwatch.stop()
      if place == .plain {
        let ending = try run.ending()
        #expect(ending == .exited(example.status))
      }
    }
  }
}
