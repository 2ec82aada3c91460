import Foundation
import TestSupport
import Testing

@Suite struct TerminalSystemCallTests {
  /// On a terminal too, swinit makes no call about it before COMMAND's process exists; and that one
  /// makes five more than elsewhere.
  @Test(.needs(.program("strace"))) func areFewBeforeCOMMAND() throws {
    let directory = try TemporaryDirectory()
    let file = directory("trace")
    let terminal = try Terminal(["strace", "-f", "-o", file, Swinit.path, "--", "/bin/true"])
    let ending = try terminal.ending()
    try #require(ending == .exited(0))
    let strace = try Strace(file)
    let root = try #require(strace.root)
    let names = strace.calls(of: root).map(\.name)
    let start = try #require(names.firstIndex(of: "rt_sigprocmask"))
    let spawn = try #require(names.firstIndex { $0.hasPrefix("clone") })
    #expect(Array(names[start...spawn]) == ["rt_sigprocmask", "rt_sigaction", "prctl", "clone"])

    let child = try #require(strace.calls.first { $0.process != root }?.process)
    let calls = strace.calls(of: child).prefix { $0.name != "execve" }
    let its = calls.map(\.name).filter { !["getpid", "getpgrp", "getpgid"].contains($0) }
    let about = ["ioctl", "setpgid", "ioctl", "close", "rt_sigprocmask"]
    #expect(its.first == "open" || its.first == "openat")
    #expect(its.dropFirst().filter { $0 != "fcntl" } == about)
    let requests = calls.filter { $0.name == "ioctl" }.map(\.rest)
    #expect(requests.first?.contains("TIOCGPGRP") == true)
    #expect(requests.last?.contains("TIOCSPGRP") == true)
  }
}
