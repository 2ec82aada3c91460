import Foundation
import TestSupport
import Testing

extension EngineTests {
  @Suite("Out-of-memory kills in engines") struct OutOfMemoryTests {
    @Test(
      "In each engine, an out-of-memory kill of the command is reported and gives status 137",
      arguments: engines(with: .memoryLimit, .stopSignal))
    func command(engine: any Engine) throws {
      let spec = Spec(command: ["sh", "-c", MemoryHog.script], isShortOfMemory: true)
      try engine.with(spec) { container in
        try MemoryHog.start(in: container)
        #expect(try container.wait() == 137)
        try container.waitFor("(dd)", within: Patience.change)
        try expectNamed(container, engine)
      }
    }

    @Test(
      "In each engine, an out-of-memory kill of an orphan is reported, and the container continues",
      arguments: engines(with: .memoryLimit, .exec))
    func orphan(engine: any Engine) throws {
      let orphan = "(sh -c \(MemoryHog.script.quoted) &); trap '' USR1"
      let spec = Spec(
        command: Server.command(endingAt: .term, after: orphan), isShortOfMemory: true)
      try engine.with(spec) { container in
        try container.waitFor("ready")
        let counter = try OutOfMemoryCounter(of: container.hostPID())
        try MemoryHog.start(in: container)
        try eventually("the kernel has killed a process") { try counter.value() == 1 }
        // While it dies, the programs that the engine runs could make the kernel choose another
        // victim.
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

    @Test(
      "In each engine with cgroup v2, an out-of-memory kill of a worker that the command reaps is reported",
      .enabled(if: ControlGroup.isUnified, "needs cgroup v2"),
      arguments: engines(with: .memoryLimit, .exec, .cgroupView))
    func worker(engine: any Engine) throws {
      // A signal interrupts the shell's wait.
      let worker = """
        grep ' /sys/fs/cgroup ' /proc/mounts
        sh -c \(MemoryHog.script.quoted) &
        worker=$!
        trap : USR1
        while kill -0 $worker 2>/dev/null; do wait $worker; status=$?; done
        echo worker ended with $status
        """
      let spec = Spec(
        command: Server.command(endingAt: .term, after: worker), isShortOfMemory: true)
      try engine.with(spec) { container in
        try MemoryHog.start(in: container)
        try container.waitFor("worker ended with 137")
        try container.waitFor("swinit: out of memory: ")
        try container.waitFor("ready")
        try Server.expectGracefulStop(of: container)
        #expect(try container.output().contains(" /sys/fs/cgroup cgroup2 ro,"))
        try expectReported(container)
      }
    }

    /// Expects one message, which names the worker or counts it.
    private func expectReported(_ container: any Container) throws {
      let lines = try container.output().split(whereSeparator: \.isNewline)
      let pid = try #require(lines.first { $0.hasPrefix("hog ") }).dropFirst("hog ".count)
      let messages = lines.filter { $0.hasPrefix("swinit: ") }
      #expect(messages.count == 1, "\(lines)")
      let limit = "limit \(Spec.memoryLimit >> 20) MiB, peak "
      let beginnings = [
        "the kernel killed process \(pid) (dd); \(limit)",
        "the kernel killed a process, most likely process \(pid) (dd); \(limit)",
        "the kernel killed 1 process, which its parent reaped before it could be identified",
        // Where swinit isn't PID 1.
        "the kernel killed 1 process of the control group, not found among the descendants; \(limit)",
      ]
      let message = try #require(messages.first)
      #expect(
        beginnings.contains { message.hasPrefix("swinit: out of memory: \($0)") }, "\(message)")
    }
  }
}

/// Only a swinit that sees its cgroup can attribute the kill to the OOM killer.
func expectNamed(_ container: any Container, _ engine: any Engine) throws {
  let lines = try container.output().split(whereSeparator: \.isNewline)
  let pid = try #require(lines.first { $0.hasPrefix("hog ") }).dropFirst("hog ".count)
  let messages = lines.filter { $0.hasPrefix("swinit: ") }
  #expect(messages.count == 1)
  let limit = Spec.memoryLimit >> 20
  let message =
    engine.has(.cgroupView)
    ? "swinit: out of memory: the kernel killed process \(pid) (dd); limit \(limit) MiB, "
    : "swinit: process \(pid) (dd) was killed by SIGKILL, which swinit did not send"
  #expect(messages.first?.hasPrefix(message) == true, "\(lines)")
}

/// A process that allocates more memory than the limit.
enum MemoryHog {
  /// It allocates in one system call: a program that allocates step by step may lose the pages of
  /// its own code each time and make no progress.
  static let command = "dd if=/proc/self/pagemap of=/dev/null bs=1G count=1"

  /// It starts at a SIGUSR1 to the group, which kills the sleep that it waits for.
  static let script = "trap 'exec \(command)' USR1; echo hog $$; sleep 1000"

  /// Starts it when it is ready and swinit has read the memory counter for the first time.
  static func start(in container: any Container) throws {
    try container.waitFor("hog ")
    let first = try container.hostPID()
    try? eventually("swinit waits") { waitsIndefinitely(first) }
    kill(first, SIGUSR1)
  }
}

/// The kernel's count of out-of-memory kills in the memory cgroup of a process.
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
