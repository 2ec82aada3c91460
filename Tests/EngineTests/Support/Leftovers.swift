import Foundation
import TestSupport
import Testing

/// Ends the daemons when the suite is over, and looks for what the tests have left behind.
struct LeavesNothingBehind: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let before = Surroundings()
    let firstUse = FirstUse()
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
    try? eventually("all is as before") {
      if strangers().isEmpty { firstUse.undo() }
      return Surroundings().isWithin(before)
    }
    let found = Surroundings().beyond(before)
    if !found.isEmpty {
      let others = strangers()
      Issue.record(
        "engines left \(found); others' engines run: \(others)",
        severity: others.isEmpty ? .error : .warning)
    }
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

  func isWithin(_ other: Surroundings) -> Bool { beyond(other).isEmpty }

  func beyond(_ other: Surroundings) -> [String] {
    networkDevices.subtracting(other.networkDevices).union(stores.subtracting(other.stores))
      .sorted()
  }
}

/// What engines make for themselves when they are used for the first time on a machine, wherever they
/// are told to keep things. It goes away again if it wasn't there before.
private struct FirstUse {
  /// Files, and directories after what may be in them.
  private static let paths = [
    // podman's, where it notes which layers it has seen
    "/var/lib/containers/cache/blob-info-cache-v1.boltdb", "/var/lib/containers/cache",
    "/var/lib/containers", "/etc/cni/net.d/cni.lock", "/run/runc",
    // dockerd's, and that of containerd's shims
    "/etc/docker/key.json", "/run/docker/plugins", "/run/docker", "/run/containerd/s",
    "/run/containerd/runc/k8s.io", "/run/containerd/runc/moby", "/run/containerd/runc",
    "/run/containerd",
  ]

  private let missing = paths.filter { !FileManager.default.fileExists(atPath: $0) }

  /// What somebody has put something else in stays.
  func undo() {
    for path in missing where unsafe rmdir(path) < 0 && errno == ENOTDIR { unsafe unlink(path) }
  }
}

/// Engines that run, and aren't of these tests.
private func strangers() -> [String] {
  let names = ["containerd", "dockerd", "podman", "conmon", "buildah", "kubelet", "crio"]
  return ProcessTable().entries.filter { names.contains($0.name) }.compactMap { process in
    let text =
      contents("/proc/\(process.id)/environ") + contents("/proc/\(process.id)/cmdline")
    return text.contains(Workspace.token) ? nil : "\(process.name) \(process.id)"
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
