import Foundation
import TestSupport
import Testing

/// Ends the daemons when the suite is over, and looks for what the tests have left behind.
struct LeavesNothingBehind: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let before = Surroundings()
    defer { removeWorkspace() }
    try await function()
    Daemons.stopAll()
    try? eventually("no process is left", within: .seconds(10)) { try processes().isEmpty }
    #expect(try processes() == [], "processes are left")
    #expect(try mounts() == [], "mounts are left")
    try? eventually("no cgroup is left", within: .seconds(10)) {
      removeParentCgroups()
      return cgroups().isEmpty
    }
    #expect(cgroups() == [], "cgroups are left")
    removeWorkspace()
    // Somebody else may use the engines too, for a while.
    try? eventually("all is as before") { Surroundings().isWithin(before) }
    let after = Surroundings()
    #expect(after.networkDevices.subtracting(before.networkDevices).isEmpty)
    #expect(after.stores.subtracting(before.stores).isEmpty, "an engine's own place was used")
    #expect(files() == [], "files are left")
  }
}

extension Trait where Self == LeavesNothingBehind {
  /// What the tests start, mount and make is gone when the suite is over.
  static var leavesNothingBehind: Self { Self() }
}

/// What the engines of this machine may keep.
private struct Surroundings {
  let networkDevices = Set(entries(of: "/sys/class/net"))

  /// Where the engines keep images and containers when they aren't told where, and the cgroups that
  /// they put a container in for which they are told none.
  let stores = Set(
    [
      "/var/lib/docker", "/var/lib/containerd", "/var/lib/containers",
      "/var/lib/containers/storage",
      "/var/lib/cni/networks", "/run/docker/plugins", "/run/containerd/s", "/run/crun",
      "/run/libpod", "/run/netns", "/run/runc", "/run/systemd/nspawn/propagate",
      "/home/\(OrdinaryUser.name)/.local/share/containers",
    ].flatMap { directory in entries(of: directory).map { "\(directory)/\($0)" } }
      + ["libpod_parent", "docker", "moby", "k8s.io", "buildkit"].flatMap {
        ["/sys/fs/cgroup/pids/\($0)", "/sys/fs/cgroup/\($0)"]
      }.filter { FileManager.default.fileExists(atPath: $0) })

  func isWithin(_ other: Surroundings) -> Bool {
    networkDevices.isSubset(of: other.networkDevices) && stores.isSubset(of: other.stores)
  }
}

private func entries(of directory: String) -> [String] {
  (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
}

/// What has our name in a directory, or in those in it, as far down as `depth`.
private func ours(in directory: String, depth: Int) -> [String] {
  entries(of: directory).flatMap { name -> [String] in
    let path = "\(directory)/\(name)"
    let below = depth > 1 && readLink(path) == nil ? ours(in: path, depth: depth - 1) : []
    return (name.contains(Workspace.token) ? [path] : []) + below
  }
}

private func files() -> [String] {
  ["/tmp", "/var/tmp", "/dev/shm"].flatMap { ours(in: $0, depth: 1) }
    + ours(in: "/run", depth: 4)
}

/// Every cgroup with our name, in whichever hierarchy.
private func cgroups() -> [String] { ours(in: "/sys/fs/cgroup", depth: 3) }

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

/// Removes those that hold the containers' own, with what podman leaves empty in them: its monitors'
/// and its pods'. One that has a process in it can't be removed.
private func removeParentCgroups() {
  for parent in cgroups() where parent.hasSuffix("/\(Workspace.token)") {
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
