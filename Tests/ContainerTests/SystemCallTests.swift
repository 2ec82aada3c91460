import Foundation
import TestSupport
import Testing

@Suite struct SystemCallTests {
  /// Between its first instruction and COMMAND's, swinit makes these system calls at most.
  @Test(.needs(.program("strace"))) func areFewBeforeCOMMAND() throws {
    let calls = try trace("--", "/bin/true")
    let names = calls.map(\.name)
    let start = try #require(names.firstIndex(of: "rt_sigprocmask"))
    let spawn = try #require(names.firstIndex { $0.hasPrefix("clone") })
    let own = ["rt_sigprocmask", "rt_sigaction", "prctl", "clone"]
    #expect(Array(names[start...spawn]) == own)
    if Swinit.isMusl {
      let startUp = ["execve", "arch_prctl", "set_tid_address"]
      #expect(Array(names[..<start]).beyond(startUp) == [])
    }
    #expect(calls[start].rest.contains("~[]"))
  }

  /// And COMMAND's process makes these, before it is COMMAND.
  @Test(.needs(.program("strace"))) func areFewInTheChild() throws {
    let directory = try TemporaryDirectory()
    let strace = try trace(directory, "--", "/bin/true")
    let child = try #require(strace.calls.first { $0.process != strace.root }?.process)
    let names = strace.calls(of: child).map(\.name)
    let end = try #require(names.firstIndex(of: "execve"))
    #expect(
      names[...end].map { $0 == "openat" ? "open" : $0 }
        .beyond(["open", "setpgid", "rt_sigprocmask", "execve"]) == [])
  }

  /// After that, there is one wait for each zombie, after a look unless CHLD told that it exited; a
  /// look at the end of each sweep; and a sweep for each CHLD, and one at first. What CHLD told of may
  /// be gone by then.
  @Test(.needs(.program("strace"))) func areOneForAZombie() throws {
    let calls = try trace("--", probe, "orphans", "200")
    let waits = calls.filter { $0.name == "wait4" }.map(\.result)
    let reaped = waits.filter { pid_t($0).map { $0 > 0 } ?? false }
    let taken = calls.filter { $0.name == "rt_sigtimedwait" && $0.result.contains("(SIGCHLD)") }
    #expect(reaped.count == 201)
    #expect(waits.count - reaped.count <= taken.count)
    let looks = calls.count { $0.name == "waitid" && $0.rest.hasPrefix("(P_ALL") }
    // The probe's orphans exit.
    #expect(looks <= waits.count + 1)
  }

  /// Where a profile doesn't let swinit look, it reaps all the same.
  @Test(.needs(.program("strace"))) func areDoneWithoutALook() throws {
    let refused = "inject=waitid:error=ENOSYS"
    let run = try Run([
      "strace", "-f", "-o", "/dev/null", "-e", refused, Swinit.path, probe, "orphans", "200",
    ])
    #expect(try run.outcome() == Outcome(ending: .exited(7), output: "reaped\n"))
    #expect(run.strayProcesses() == 0)
  }

  /// There are none while nothing happens.
  @Test(.needs(.program("strace"))) func areNoneWhileIdle() async throws {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    let run = try Run.swinit("sleep", "1000", at: .plain, birth: ["strace", "-f", "-o", file])
    try run.wait(until: "swinit and COMMAND wait") {
      let calls = (try? Strace(file).calls) ?? []
      let hasSettled = calls.contains { $0.name == "rt_sigtimedwait" && !$0.result.isEmpty }
      return hasSettled
        && ["rt_sigtimedwait", "clock_nanosleep"].allSatisfy { name in
          calls.contains { $0.name == name && $0.result.isEmpty }
        }
    }
    let before = try Strace(file).calls.count
    // The promise is about time that passes.
    try await Task.sleep(for: .seconds(10))
    #expect(try Strace(file).calls.count == before)
  }

  /// The calls of swinit itself.
  private func trace(_ words: String...) throws -> [Strace.Call] {
    let directory = try TemporaryDirectory()
    let strace = try trace(directory, words)
    return strace.calls(of: try #require(strace.root))
  }

  private func trace(_ directory: TemporaryDirectory, _ words: String...) throws -> Strace {
    try trace(directory, words)
  }

  private func trace(_ directory: TemporaryDirectory, _ words: [String]) throws -> Strace {
    let file = directory("trace")
    _ = try Run(["strace", "-f", "-o", file, Swinit.path] + words).ending()
    return try Strace(file)
  }
}
