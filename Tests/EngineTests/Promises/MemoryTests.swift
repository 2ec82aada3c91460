import Foundation
import TestSupport
import Testing

extension EngineTests {
  @Suite struct `out of memory` {
    @Test(arguments: engines(with: .memoryLimit, .stopSignal))
    func `COMMAND that the kernel kills is named, and gives 137`(engine: any Engine) throws {
      let spec = Spec(command: ["sh", "-c", Hog.script], isShortOfMemory: true)
      try engine.with(spec) { container in
        try Hog.letEat(in: container)
        #expect(try container.wait() == 137)
        try container.waitFor("(dd)", within: Patience.change)
        try expectNamed(container, engine)
      }
    }

    @Test(arguments: engines(with: .memoryLimit, .exec))
    func `an orphan that the kernel kills is named and reaped, and the rest goes on`(
      engine: any Engine
    ) throws {
      let orphan = "(sh -c \(Hog.script.quoted) &); trap '' USR1"
      let spec = Spec(
        command: Server.command(endingAt: .term, after: orphan), isShortOfMemory: true)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        let counter = try OutOfMemoryCounter(of: container.hostPID())
        try Hog.letEat(in: container)
        try eventually("the kernel has killed one") { try counter.value() == 1 }
        // While it dies, what the engine runs might make the kernel take another.
        let first = try container.hostPID()
        try eventually("its memory is free") {
          !ProcessTable().descendants(of: first).contains { $0.name == "dd" && $0.state != "Z" }
        }
        try eventually("it is reaped") {
          try container.exec(["sh", "-c", "grep -l '^State:.Z' /proc/[0-9]*/status"]).status != 0
        }
        try container.waitFor("(dd)", within: Patience.change)
        try expectNamed(container, engine)
        try Server.expectGracefulStop(of: container)
      }
    }
  }
}

/// The kernel tells who was killed, but why only to those who can see its account.
func expectNamed(_ container: any Container, _ engine: any Engine) throws {
  let lines = try container.output().split(whereSeparator: \.isNewline)
  let pid = try #require(lines.first { $0.hasPrefix("hog ") }).dropFirst("hog ".count)
  let said = lines.filter { $0.hasPrefix("swinit: ") }
  #expect(said.count == 1)
  let limit = Spec.memoryLimit >> 20
  let words =
    engine.features.contains(.cgroupView)
    ? "swinit: out of memory: the kernel killed process \(pid) (dd); the limit is \(limit) MiB; "
    : "swinit: process \(pid) (dd) was killed by SIGKILL, which swinit did not send"
  #expect(said.first?.hasPrefix(words) == true, "\(lines)")
}

/// A process that fills more memory than there is.
enum Hog {
  /// In one system call: a program that does it step by step may lose the pages of its own code each
  /// time, and get on no more.
  static let eat = "dd if=/proc/self/pagemap of=/dev/null bs=1G count=1"

  /// It begins at a USR1 to the group, which ends what it waits for.
  static let script = "trap 'exec \(eat)' USR1; echo hog $$; sleep 1000"

  /// Lets it begin, when it is there, and swinit has read the kernel's account for the first time.
  static func letEat(in container: any Container) throws {
    try container.waitFor("hog ")
    let first = try container.hostPID()
    try? eventually("swinit waits") { waitsForEver(first) }
    kill(first, SIGUSR1)
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
