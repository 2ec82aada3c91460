import Foundation
import TestSupport

/// A program that runs another in namespaces of its own, and no daemon or image.
struct Sandbox: Engine {
  let name: String
  let usage: String
  let needs: [Need]
  let features: Set<Feature>
  /// The whole command line before swinit's, for a root directory.
  let command: @Sendable (_ root: String, Spec) -> [String]
  /// Whether the program passes on a TERM, as its own option for it says.
  var passesTermOn = false
  /// What is to be done when its container is gone.
  var cleaningUp: @Sendable () -> Void = {}

  func start(_ spec: Spec) throws -> any Container {
    let root = try Workspace.rootfs.get().path
    let job = try Job(
      spec.launcher + ["env"] + spec.environment.filter { !$0.hasPrefix("PATH=") }
        + command(root, spec)
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
      removing: {
        _ = try? kill(pid(), SIGKILL)
        cleaningUp()
      })
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
