import Foundation
import TestSupport

/// A program that runs a command in new namespaces, without a daemon or an image.
struct Sandbox: Engine {
  let name: String
  let usage: String
  let needs: [Need]
  let features: Set<Feature>
  /// The command line before swinit's, for a root directory.
  let command: @Sendable (_ root: String, Spec) -> [String]
  /// Whether the program forwards TERM as the stop signal.
  var forwardsTERM = false
  /// Cleans up after the container has been removed.
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
        if forwardsTERM {
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

/// PID 1 of the PID namespace below a process.
private func firstProcess(below ancestor: Int32) throws -> Int32 {
  let first = ProcessTable().first(below: ancestor) { pid in
    status(of: pid, "NSpid")?.split(separator: "\t").dropFirst().last == "1"
  }
  guard let first else { throw Failure("process \(ancestor) has no PID namespace below it") }
  return first
}
