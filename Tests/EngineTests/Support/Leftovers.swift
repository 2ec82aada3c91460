import Foundation
import TestSupport
import Testing

/// Stops the daemons when the suite has finished, and checks that nothing of the tests remains.
struct LeavesNothingBehind: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let before = Surroundings()
    let firstUse = FirstUse()
    defer { removeWorkspace() }
    try await function()
    Daemons.stopAll()
    try? eventually("no process remains") { try processes().isEmpty }
    #expect(try processes() == [], "processes remain")
    try? eventually("no mount remains") { try mounts().isEmpty }
    #expect(try mounts() == [], "mounts remain")
    try? eventually("no cgroup remains") {
      removeParentCgroups()
      return cgroups().isEmpty
    }
    #expect(cgroups() == [], "cgroups remain")
    removeWorkspace()
    // Other users of the engines may change the surroundings for a while.
    try? eventually("the surroundings are as before") {
      if otherEngines().isEmpty { firstUse.undo() }
      return Surroundings().isWithin(before)
    }
    let found = Surroundings().beyond(before)
    if !found.isEmpty {
      let others = otherEngines()
      Issue.record(
        "engines left \(found); other running engines: \(others)",
        severity: others.isEmpty ? .error : .warning)
    }
    #expect(files() == [], "files remain")
  }
}

extension Trait where Self == LeavesNothingBehind {
  /// Processes, mounts, cgroups and files of the tests are gone when the suite has finished.
  static var leavesNothingBehind: Self { Self() }
}

/// State of the machine that engines may change.
private struct Surroundings {
  let networkDevices = Set(entries(of: "/sys/class/net"))

  /// The default locations of images and containers, and the cgroups that engines create by
  /// default.
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

/// Files that engines create on first use, whatever their configuration. They are removed if they
/// did not exist before.
private struct FirstUse {
  /// Each directory comes after its contents.
  private static let paths = [
    // podman's cache of layers
    "/var/lib/containers/cache/blob-info-cache-v1.boltdb",
    "/var/lib/containers/cache/blob-info-cache-v1.sqlite", "/var/lib/containers/cache",
    "/var/lib/containers", "/etc/cni/net.d/cni.lock", "/run/runc",
    // dockerd's, and those of containerd's shims
    "/etc/docker/key.json", "/run/docker/plugins", "/run/docker", "/run/containerd/s",
    "/run/containerd/runc/k8s.io", "/run/containerd/runc/moby", "/run/containerd/runc",
    "/run/containerd",
  ]

  private let missing = paths.filter { !FileManager.default.fileExists(atPath: $0) }

  /// rmdir(2) keeps directories in which others have put files.
  func undo() {
    for path in missing where unsafe rmdir(path) < 0 && errno == ENOTDIR { unsafe unlink(path) }
  }
}

/// Running engines that these tests did not start.
private func otherEngines() -> [String] {
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

/// Paths in a directory, down to `depth`, whose names contain this run's token.
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

/// The cgroups of this run in all hierarchies.
private func cgroups() -> [String] { ours(in: "/sys/fs/cgroup", depth: 3) }

/// The command lines of the processes with this run's token in their environment or arguments. A
/// zombie, such as an engine's helper that the machine's PID 1 has yet to reap, has neither.
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

/// Removes the parents of the containers' cgroups, with the empty ones of podman's monitors and
/// pods. A cgroup with a process in it can't be removed.
private func removeParentCgroups() {
  for parent in cgroups() where parent.hasSuffix("/\(Workspace.token)") {
    _ = try? run(["find", parent, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"])
  }
}

private func removeWorkspace() {
  // Removal would delete the files of a mount that remains, which the test reports.
  guard (try? mounts()) == [] else { return }
  let job = try? Process.run(
    URL(filePath: "/bin/rm"), arguments: ["-rf", "--one-file-system", Workspace.directory.path])
  job?.waitUntilExit()
}

/// The contents of a file; empty if it can't be read.
func contents(_ path: String) -> String {
  contents(of: path) ?? ""
}
