import Foundation
import Glibc
import TestSupport
import Testing

/// The child that is to be COMMAND has a stack of 2 kB, and in what ships nothing watches it.
@Suite(.enabled(if: Swinit.isMusl, "is about the build with musl"))
struct ChildStackTests {
  /// It needs less than a quarter, whatever it has to do.
  @Test(.needs(.program("readelf", package: "binutils"))) func isLargeEnough() throws {
    let directory = try TemporaryDirectory()
    let script = try directory.file("script", "read line\n")
    let path = (["PATH=\(directory.path)/none"] + [searchPath]).joined(separator: ":")
    let commands = [["/bin/sleep", "1000"], ["sleep", "1000"], [script]]
    for command in commands {
      let terminal = try Terminal(
        ["sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh", Swinit.path, "--"] + command,
        environment: [path, "TERM=dumb"])
      let swinit = try terminal.run.swinit()
      try terminal.run.wait(until: "swinit waits") { waitsForEver(swinit) }
      #expect(try ProcessTable.Entry(terminal.run.command())?.group == terminal.foreground)
      let stack = try stack(of: swinit)
      let unused = stack.prefix { $0 == 0 }.count
      #expect(unused > 1536 && unused < stack.count - 128, "\(command)")
    }
  }

  /// The first bytes of what begins as zeros are the stack.
  private func stack(of swinit: pid_t) throws -> Data {
    let sections = try Run(["readelf", "-SW", Swinit.path]).outcome().output
    let words = try #require(sections.split(separator: "\n").first { $0.contains(" .bss ") })
      .split(whereSeparator: \.isWhitespace)
    let name = try #require(words.firstIndex(of: ".bss"))
    let address = try #require(UInt64(words[name + 2], radix: 16))
    let memory = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/\(swinit)/mem"))
    try memory.seek(toOffset: address)
    return try #require(try memory.read(upToCount: 2048))
  }
}
