import Foundation
import Testing

extension EngineTests {
  @Suite struct `out of memory` {
    private static let limit = 32 << 20
    /// It wants to hold a line without an end.
    private static let hog = "tail /dev/zero"

    @Test(arguments: engines(with: .memoryLimit))
    func `COMMAND that is killed for want of memory gives 137`(engine: any Engine) throws {
      let spec = Spec(command: ["sh", "-c", "exec \(Self.hog)"], memoryLimit: Self.limit)
      try engine.with(spec) { container in
        let status = try container.wait()
        #expect(status == 137)
      }
    }

    @Test(arguments: engines(with: .memoryLimit, .exec))
    func `an orphan that is killed for want of memory is reaped, and the rest goes on`(
      engine: any Engine
    ) throws {
      let orphan = "sh -c '\(Self.hog) & echo orphan $!'"
      let spec = Spec(
        command: Server.command(endingAt: .term, after: orphan), memoryLimit: Self.limit)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        let counter = try OutOfMemoryCounter(of: container.hostPID())
        try eventually("the kernel has killed one") { try counter.value() == 1 }
        try eventually("it is reaped") {
          try container.exec(["sh", "-c", "grep -l '^State:.Z' /proc/[0-9]*/status"]).status != 0
        }
        try Server.expectGracefulStop(of: container)
      }
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
