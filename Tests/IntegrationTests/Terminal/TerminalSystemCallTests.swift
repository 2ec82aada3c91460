import Foundation
import TestSupport
import Testing

@Suite("System calls on a terminal", .mostlyWaits) struct TerminalSystemCallTests {
  @Test(
    "In the foreground, swinit makes 10 system calls before it forks, and the child 6 before it executes",
    .needs(.program("strace")))
  func areFewBeforeTheCommand() throws {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    let terminal = try Terminal(["strace", "-f", "-o", file, Swinit.path, "--", "/bin/true"])
    let ending = try terminal.ending()
    try #require(ending == .exited(0))
    let strace = try Strace(file)
    let root = try #require(strace.root)
    // musl's getpgrp is a getpgid.
    let names = strace.calls(of: root).map { $0.name == "getpgid" ? "getpgrp" : $0.name }
    let start = try #require(names.firstIndex(of: "rt_sigprocmask"))
    let fork = try #require(names.firstIndex { $0.hasPrefix("clone") || $0 == "fork" })
    let own = ["rt_sigprocmask", "rt_sigaction", "prctl", "openat", "ioctl", "getpgrp", "close"]
    // It searches for the file, so that the child has nothing to do but to execute it.
    let search = [
      names.contains("access") ? "access" : "faccessat",
      names.contains("stat") ? "stat" : "newfstatat",
    ]
    // Standard input and output must be the terminal.
    let looks = ["ioctl", "ioctl", "pipe2"]
    #expect(Array(names[start..<fork]).beyond(["rt_sigprocmask"] + own + search + looks) == [])

    let child = try #require(strace.calls.first { $0.process != root }?.process)
    let calls = strace.calls(of: child).prefix { $0.name != "execve" }
    let its = calls.map(\.name).filter { !["getpid", "getpgrp", "getpgid"].contains($0) }
    let allowed = ["setpgid", "openat", "ioctl", "close", "rt_sigprocmask", "rt_sigprocmask"]
    #expect(its.beyond(allowed + ["gettid", "set_robust_list"]) == [])
    #expect(calls.filter { $0.name == "ioctl" }.allSatisfy { $0.rest.contains("TIOCSPGRP") })
  }
}
