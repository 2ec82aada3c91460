import Foundation
import TestSupport

/// A program that runs another in namespaces of its own, and no daemon or image.
struct Sandbox: Engine {
  let name: String
  let needs: [Need]
  let features: Set<Feature> = [.exec, .stopSignal, .terminal]
  /// The whole command line before swinit's, for a root directory.
  let command: @Sendable (_ root: String, Spec) -> [String]
  /// Whether the program passes on a TERM, as its own option for it says.
  var passesTermOn = false

  static let unshare = Sandbox(name: "unshare", needs: [.program("unshare", package: "util-linux")])
  {
    root, _ in
    ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", "--net", "--root", root]
  }

  static let unshareByUser = Sandbox(
    name: "unshare by an ordinary user", needs: unshare.needs + [OrdinaryUser.need]
  ) { root, _ in
    OrdinaryUser.launcher + [
      "unshare", "--user", "--map-root-user", "--fork", "--pid", "--mount-proc", "--kill-child",
      "--net", "--root", root,
    ]
  }

  static let bubblewrap = Sandbox(
    name: "bubblewrap", needs: [.program("bwrap", package: "bubblewrap")]
  ) { root, _ in bubblewrapCommand(root) }

  static let bubblewrapByUser = Sandbox(
    name: "bubblewrap by an ordinary user", needs: bubblewrap.needs + [OrdinaryUser.need]
  ) { root, _ in OrdinaryUser.launcher + bubblewrapCommand(root) }

  static let nspawn = Sandbox(
    name: "systemd-nspawn", needs: [.program("systemd-nspawn", package: "systemd-container")],
    command: { root, spec in
      let console = spec.hasTerminal ? "interactive" : "pipe"
      return [
        "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network",
        "--read-only", "--timezone=off", "--resolv-conf=off", "--link-journal=no",
        "--machine=\(Workspace.token)", "--console=\(console)",
        "--kill-signal=SIG\(spec.stopSignal.rawValue)", "--directory=\(root)",
      ] + spec.environment.map { "--setenv=\($0)" }
    }, passesTermOn: true)

  private static func bubblewrapCommand(_ root: String) -> [String] {
    [
      "bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--as-pid-1",
      "--die-with-parent", "--ro-bind", root, "/", "--proc", "/proc", "--dev", "/dev",
    ]
  }

  func start(_ spec: Spec) throws -> any Container {
    let root = try Workspace.rootfs.get().path
    let job = try Job(
      ["env"] + spec.environment.filter { !$0.hasPrefix("PATH=") } + command(root, spec)
        + spec.initCommand, terminal: spec.hasTerminal)
    let pid = { try firstProcess(below: job.pid) }
    return Client(
      job: job,
      enter: { ["nsenter", "--target", "\(try pid())", "--pid", "--mount", "--root"] },
      stopping: {
        if passesTermOn {
          kill(job.pid, SIGTERM)
        } else {
          kill(try pid(), spec.stopSignal.number)
        }
      },
      pid: pid,
      removing: { _ = try? kill(pid(), SIGKILL) })
  }
}

/// The process that is 1 in a PID namespace, and a descendant of another.
private func firstProcess(below ancestor: Int32) throws -> Int32 {
  let first = ProcessTable().first(below: ancestor) { pid in
    status(of: pid, "NSpid")?.split(separator: "\t").dropFirst().last == "1"
  }
  guard let first else { throw Failure("process \(ancestor) has no PID namespace below it") }
  return first
}
