import Foundation
import TestSupport
import Testing

/// Ends the daemons when the suite is over, and looks for what the tests have left behind.
struct LeavesNothingBehind: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let (devices, shared) = (try networkDevices(), sharedCgroups())
    defer { removeWorkspace() }
    try await function()
    Daemons.stopAll()
    #expect(try networkDevices().subtracting(devices).isEmpty, "network devices are left")
    try? eventually("no process is left") { try processes().isEmpty }
    #expect(try processes() == [], "processes are left")
    #expect(try mounts() == [], "mounts are left")
    #expect(sharedCgroups().subtracting(shared).isEmpty, "a container wasn't in a cgroup of ours")
    try? eventually("no cgroup is left") {
      removeParentCgroups()
      return try cgroups().isEmpty
    }
    #expect(try cgroups() == [], "cgroups are left")
  }
}

extension Trait where Self == LeavesNothingBehind {
  /// What the tests start, mount and make is gone when the suite is over.
  static var leavesNothingBehind: Self { Self() }
}

private func networkDevices() throws -> Set<String> {
  Set(try FileManager.default.contentsOfDirectory(atPath: "/sys/class/net"))
}

/// The command lines of all processes that have our name in their environment or arguments. A
/// zombie has neither: an engine's helper may wait for the machine's own PID 1.
private func processes() throws -> [String] {
  let pids = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
  return pids.filter { $0 != getpid() }.compactMap { pid in
    let command = contents("/proc/\(pid)/cmdline")
    let ours = (contents("/proc/\(pid)/environ") + command).contains(Workspace.token)
    return ours ? "\(pid) \(command.replacingOccurrences(of: "\0", with: " "))" : nil
  }
}

private func mounts() throws -> [Substring] {
  contents("/proc/self/mountinfo").split(separator: "\n").filter { $0.contains(Workspace.token) }
}

/// Where engines put a container for which they are told no cgroup.
private func sharedCgroups() -> Set<String> {
  Set(
    ["libpod_parent", "docker", "moby", "k8s.io", "buildkit"].flatMap {
      ["/sys/fs/cgroup/pids/\($0)", "/sys/fs/cgroup/\($0)"]
    }.filter { FileManager.default.fileExists(atPath: $0) })
}

/// Every cgroup with our name, in whichever hierarchy.
private func cgroups() throws -> [String] {
  try succeed([
    "find", "/sys/fs/cgroup", "-mindepth", "1", "-type", "d", "-name", "*\(Workspace.token)*",
  ]).split(separator: "\n").map(String.init)
}

/// Removes those that hold the containers' own, with what podman leaves empty in them: its monitors'
/// and its pods'. One that has a process in it can't be removed.
private func removeParentCgroups() {
  for parent in (try? cgroups()) ?? [] where parent.hasSuffix("/\(Workspace.token)") {
    _ = try? run(["find", parent, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"])
  }
}

private func removeWorkspace() {
  // What is mounted here would lose its files; the test says so, and leaves them.
  guard (try? mounts()) == [] else { return }
  let job = try? Process.run(
    URL(filePath: "/bin/rm"), arguments: ["-rf", "--one-file-system", Workspace.directory.path])
  job?.waitUntilExit()
}

/// The whole of a file; nothing if it can't be read.
func contents(_ path: String) -> String {
  contents(of: path) ?? ""
}
