import Foundation
import Testing

extension EngineTests {
  @Suite struct `out of memory` {
    private let hog = Spec.hog.joined(separator: " ")

    @Test(arguments: engines(with: .memoryLimit))
    func `COMMAND that the kernel kills is named, and gives 137`(engine: any Engine) throws {
      let spec = Spec(command: ["sh", "-c", "echo pid $$; exec \(hog)"], isShortOfMemory: true)
      try engine.with(spec) { container in
        #expect(try container.wait() == 137)
        try container.waitFor("(dd)", within: Patience.change)
        try expectNamed(after: "pid ", container, engine)
      }
    }

    @Test(arguments: engines(with: .memoryLimit, .exec))
    func `an orphan that the kernel kills is named and reaped, and the rest goes on`(
      engine: any Engine
    ) throws {
      let orphan = "sh -c '\(hog) & echo orphan $!'"
      let spec = Spec(
        command: Server.command(endingAt: .term, after: orphan), isShortOfMemory: true)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        let counter = try OutOfMemoryCounter(of: container.hostPID())
        try eventually("the kernel has killed one") { try counter.value() == 1 }
        try eventually("it is reaped") {
          try container.exec(["sh", "-c", "grep -l '^State:.Z' /proc/[0-9]*/status"]).status != 0
        }
        try container.waitFor("(dd)", within: Patience.change)
        try expectNamed(after: "orphan ", container, engine)
        try Server.expectGracefulStop(of: container)
      }
    }

    /// The kernel tells who was killed, but why only to those who can see its account.
    private func expectNamed(
      after word: String, _ container: any Container, _ engine: any Engine
    ) throws {
      let lines = try container.output().split(whereSeparator: \.isNewline)
      let pid = try #require(lines.first { $0.hasPrefix(word) }).dropFirst(word.count)
      let said = lines.filter { $0.hasPrefix("swinit: ") }
      #expect(said.count == 1)
      let limit = Spec.memoryLimit >> 20
      let words =
        engine.features.contains(.cgroupView)
        ? "swinit: out of memory: the kernel killed process \(pid) (dd); the limit is \(limit) MiB; "
        : "swinit: process \(pid) (dd) was killed by SIGKILL, which swinit did not send"
      #expect(said.first?.hasPrefix(words) == true, "\(lines)")
    }
  }
}

/// The kernel's count of the processes that it killed in the memory cgroup of one process.
struct OutOfMemoryCounter {
  private let file: String

  init(of pid: Int32) throws {
    let groups = contents("/proc/\(pid)/cgroup").split(separator: "\n")
    for group in groups {
      let fields = group.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      if fields[1] == "memory" {
        file = "/sys/fs/cgroup/memory\(fields[2])/memory.oom_control"
        return
      }
    }
    guard let group = groups.first(where: { $0.hasPrefix("0::") }) else {
      throw Failure("process \(pid) has no memory cgroup: \(groups)")
    }
    file = "/sys/fs/cgroup\(group.dropFirst(3))/memory.events"
  }

  func value() throws -> Int {
    for line in contents(file).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == "oom_kill", let value = words.last.flatMap({ Int($0) }) {
        return value
      }
    }
    throw Failure("no count in \(file)")
  }
}
