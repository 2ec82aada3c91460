import Foundation
import TestSupport

/// An OCI runtime that runs a bundle, as containerd and podman use it.
struct OCIRuntime: Engine {
  let name: String
  let usage: String
  let needs: [Need]
  /// The command line before the subcommand.
  let launcher: [String]
  /// Whether an ordinary user runs it, with a user namespace.
  var isRootless = false
  let features = Set(Feature.allCases)
  /// With version 1, an ordinary user cannot create cgroups, and crun then refuses to run.
  var isForUnified: Bool { isRootless }

  private static let bundle = "`\"args\": [\"/swinit\", \"--\", \"COMMAND\"]` in `config.json`"

  static let runc = OCIRuntime(
    name: "runc", usage: bundle, needs: [.program("runc"), Seccomp.need], launcher: ["runc"])

  /// crun refuses to run if both cgroup versions are mounted, so version 2 is unmounted for it.
  static let crun = OCIRuntime(
    name: "crun", usage: bundle, needs: [.program("crun"), Seccomp.need],
    launcher: [
      "unshare", "--mount", "--propagation", "private", "sh", "-c",
      "! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified; exec \"$@\"",
      "sh", "crun",
    ])

  static let rootlessRunc = rootless("runc")
  static let rootlessCrun = rootless("crun")

  private static func rootless(_ program: String) -> OCIRuntime {
    OCIRuntime(
      name: "rootless \(program)",
      usage: "the same, with a user namespace, by a user with a cgroup of their own",
      needs: [
        .program(program), Seccomp.need, OrdinaryUser.need,
        .program("newuidmap", package: "uidmap"),
      ],
      launcher: [program], isRootless: true)
  }

  func start(_ spec: Spec) throws -> any Container {
    let id = Workspace.newName(launcher.last ?? name)
    let bundle = try ContainerBundle.make(for: spec, id: id, isRootless: isRootless)
    let state = Workspace.directory.appending(path: "\(name)-state".replacing(" ", with: "-")).path
    if isRootless { try succeed(["install", "-d", "-o", OrdinaryUser.name, state]) }
    let user = isRootless ? try OrdinaryUser.launcherInGroup() : []
    let runtime = user + launcher + ["--root", state]
    let job = try Job(
      runtime + ["run", "--bundle", bundle.path, id], terminal: spec.hasTerminal)
    return Client(
      job: job,
      enter: { runtime + ["exec", id] },
      stopping: { try self.stop(id, runtime, job, spec) },
      pid: { try self.pid(id, runtime) },
      removing: {
        _ = try? run(runtime + ["delete", "--force", id])
        try? FileManager.default.removeItem(at: bundle)
      })
  }

  /// Stops a container as an engine does: the stop signal, and KILL after the grace period.
  private func stop(_ id: String, _ runtime: [String], _ job: Job, _ spec: Spec) throws {
    try succeed(runtime + ["kill", id, String(spec.stopSignal.number)])
    if (try? job.wait(.seconds(Patience.gracePeriod), orKill: false)) == nil {
      try succeed(runtime + ["kill", id, "KILL"])
    }
  }

  private func pid(_ id: String, _ runtime: [String]) throws -> Int32 {
    let state = try JSONSerialization.jsonObject(
      with: Data(try succeed(runtime + ["state", id]).utf8))
    guard let pid = (state as? [String: Any])?["pid"] as? Int else {
      throw Failure("no pid in \(state)")
    }
    return Int32(pid)
  }
}
