import Foundation
import TestSupport
import Testing

@Suite("The number of system calls", .mostlyWaits) struct SystemCallTests {
  @Test(
    "swinit makes 4 system calls before it spawns the command, and musl 3 for the spawn",
    .needs(.program("strace")))
  func beforeTheSpawn() throws {
    let calls = try trace("--", "/bin/true")
    let names = calls.map(\.name)
    let start = try #require(names.firstIndex(of: "rt_sigprocmask"))
    let spawn = try #require(names.firstIndex { $0.hasPrefix("clone") })
    // The last one finds out that there is no terminal.
    let own = ["rt_sigprocmask", "rt_sigaction", "prctl", "openat"]
    #expect(names[start...].prefix(4).elementsEqual(own))
    if Swinit.isMusl {
      #expect(names[start..<spawn].dropFirst(4).elementsEqual(["rt_sigprocmask", "pipe2"]))
      let startUp = ["execve", "arch_prctl", "set_tid_address"]
      #expect(Array(names[..<start]).beyond(startUp) == [])
    }
    #expect(calls[start].rest.contains("~[]"))
  }

  @Test(
    "The child makes 5 system calls before it becomes the command", .needs(.program("strace")),
    .enabled(if: Swinit.isMusl, "concerns the build with musl only"))
  func inTheChild() throws {
    let directory = try TemporaryDirectory()
    let strace = try trace(directory, "--", "/bin/true")
    let child = try #require(strace.calls.first { $0.process != strace.root }?.process)
    let names = strace.calls(of: child).map(\.name)
    let end = try #require(names.firstIndex(of: "execve"))
    #expect(
      Array(names[...end]).beyond(["close", "setpgid", "fcntl", "rt_sigprocmask", "execve"]) == [])
  }

  @Test(
    "swinit makes one waitpid for each zombie and one at the end of each sweep, and no waitid",
    .needs(.program("strace")))
  func perZombie() throws {
    let calls = try trace("--", probe, "orphans", "200")
    let waits = calls.filter { $0.name == "wait4" }.map(\.result)
    let reaped = waits.filter { pid_t($0).map { $0 > 0 } ?? false }
    let taken = calls.filter { $0.name == "rt_sigtimedwait" && $0.result.contains("(SIGCHLD)") }
    #expect(reaped.count == 201)
    // There is a sweep for each SIGCHLD, and one at the start.
    #expect(waits.count - reaped.count <= taken.count + 1)
    #expect(!calls.contains { $0.name == "waitid" })
    #expect(
      calls.filter { $0.name == "wait4" }.allSatisfy {
        $0.rest.hasPrefix("(-1, ") && $0.rest.contains(", WNOHANG|__WALL, ")
      })
  }

  @Test(
    "Between a signal's receipt and its forwarding, swinit makes calls only for one that may begin shutdown",
    .needs(.program("strace")))
  func perSignal() throws {
    let script = """
      trap : USR1; trap 'exit 3' TERM; kill -USR1 $PPID; kill -TERM $PPID; while :; do sleep 1; done
      """
    let calls = try trace("--", "sh", "-c", script)
    func forwarding(_ signal: String) throws -> [String] {
      let taken = try #require(
        calls.firstIndex { $0.name == "rt_sigtimedwait" && $0.result.contains("(\(signal))") })
      let rest = calls[taken...].dropFirst().map(\.name)
      return Array(rest.prefix(try #require(rest.firstIndex(of: "kill"))))
    }
    #expect(try forwarding("SIGUSR1") == [])
    // Whether it is ignored, and when it was sent.
    #expect(try forwarding("SIGTERM") == ["rt_sigaction", "clock_gettime"])
  }

  @Test("swinit reaps orphans where a seccomp profile forbids waitid", .needs(.program("strace")))
  func withoutWaitid() throws {
    let refused = "inject=waitid:error=ENOSYS"
    let run = try Run([
      "strace", "-f", "-o", "/dev/null", "-e", refused, Swinit.path, "-w", probe, "orphans", "200",
    ])
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(7))
    #expect(outcome.output == "reaped\n")
    let orphans = outcome.errors.matches(
      of: /swinit: reaped orphan \d+, which exited with status 0\n/)
    #expect(orphans.count == 200)
    #expect(run.strayProcesses() == 0)
  }

  @Test(
    "Where a seccomp profile forbids statx, swinit logs as usual, and names fewer causes",
    .needs(.program("strace")), arguments: ["ENOSYS", "EPERM"])
  func withoutStatx(error: String) throws {
    let directory = try TemporaryDirectory()
    let refused = ["strace", "-f", "-o", directory("trace"), "-e", "inject=statx:error=\(error)"]
    let logging = try Run(refused + [Swinit.path, "-v", "sh", "-c", "exit 7"]).outcome()
    #expect(logging.ending == .exited(7))
    #expect(logging.errors.contains("exited with status 7"))
    let failing = try Run(refused + [Swinit.path, directory.path]).outcome()
    #expect(failing.ending == .exited(126))
    #expect(failing.errors == "swinit: cannot run '\(directory.path)': Permission denied\n")
    #expect(try Strace(directory("trace")).calls.contains { $0.name == "statx" })
  }

  @Test("swinit makes no system call while nothing happens", .needs(.program("strace")))
  func whileIdle() async throws {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    let run = try Run.swinit("sleep", "1000", at: .plain, launcher: ["strace", "-f", "-o", file])
    try run.wait(until: "swinit and the command wait") {
      let calls = (try? Strace(file).calls) ?? []
      let waiting = calls.filter(\.result.isEmpty)
      // The first wait ends before the memory counter is read.
      return calls.contains { $0.isWait && !$0.result.isEmpty } && waiting.contains(where: \.isWait)
        && waiting.contains { $0.name == "clock_nanosleep" }
    }
    let before = try Strace(file).calls.count
    // The promise is about time that passes.
    try await Task.sleep(for: .seconds(10))
    #expect(try Strace(file).calls.count == before)
  }

  /// The system calls of swinit itself.
  private func trace(_ arguments: String...) throws -> [Strace.Call] {
    let directory = try TemporaryDirectory()
    let strace = try trace(directory, arguments)
    return strace.calls(of: try #require(strace.root))
  }

  private func trace(_ directory: TemporaryDirectory, _ arguments: String...) throws -> Strace {
    try trace(directory, arguments)
  }

  private func trace(_ directory: TemporaryDirectory, _ arguments: [String]) throws -> Strace {
    let file = directory("trace")
    _ = try Run(["strace", "-f", "-o", file, Swinit.path] + arguments).ending()
    return try Strace(file)
  }
}
