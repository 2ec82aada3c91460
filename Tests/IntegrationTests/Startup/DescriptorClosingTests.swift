import Foundation
import TestSupport
import Testing

@Suite("Closing descriptors without close_range", .mostlyWaits, .needs(.program("strace")))
struct DescriptorClosingTests {
  @Test(
    "Without close_range, swinit closes all open descriptors and no others, above the limit too",
    .needs(.program("bash")))
  func openDescriptors() throws {
    let preparation = "exec 9>&1 4000>&1; ulimit -n 1024; exec \"$@\""
    let (own, closes) = try run(["bash", "-c", preparation, "sh"])
    #expect(own == ["0", "1", "2"])
    #expect(closes < 20)
  }

  @Test(
    "Without close_range, swinit finds its open descriptors even if no descriptor is free",
    // The dynamic loader of the debug build needs descriptors.
    .enabled(if: Swinit.isMusl, "is about the build with musl"))
  func noFreeDescriptor() throws {
    let preparation = "exec 3>&1 4>&1 5>&1 6>&1 7>&1 8>&1 9>&1; ulimit -n 10; exec \"$@\""
    let (own, closes) = try run(["sh", "-c", preparation, "sh"], ["--pause"])
    #expect(own == ["0", "1", "2"])
    #expect(closes < 20)
  }

  @Test("Without close_range and /proc, swinit closes no more descriptors than the limit allows")
  func withoutProc() throws {
    let preparation = "exec 9>&1; ulimit -n 256; exec \"$@\""
    let (own, closes) = try run(
      ["sh", "-c", preparation, "sh"], faults: ["-e", "inject=getdents64:error=EACCES"])
    #expect(own == ["0", "1", "2"])
    #expect(closes >= 253 && closes < 280)
  }

  /// The descriptors that swinit still has, and the number of its calls of close(2).
  private func run(
    _ launcher: [String], _ arguments: [String] = ["sleep", "1000"], faults: [String] = []
  ) throws -> ([String], Int) {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    let strace = ["strace", "-f", "-o", file, "-e", "inject=close_range:error=ENOSYS"] + faults
    let run = try Run(of: Swinit.path, arguments, at: .plain, launcher: strace + launcher)
    let swinit = try run.swinit()
    // Its first wait ends before it reads files of its cgroup. Under a tracer it also rests in other calls.
    try run.wait(until: "swinit waits again") {
      let waits = try Strace(file).calls(of: swinit).filter { $0.isWait }
      return waits.count > 1 && waits.last?.result == ""
    }
    let own = try descriptors(of: swinit).others
    let calls = try Strace(file).calls(of: swinit)
    let start = try #require(calls.lastIndex { $0.name == "execve" })
    let end = try #require(calls[start...].firstIndex { $0.isWait })
    return (own, calls[start..<end].count { $0.name == "close" })
  }
}
