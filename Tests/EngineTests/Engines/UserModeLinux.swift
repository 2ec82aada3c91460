import Foundation
import TestSupport

/// A virtual machine whose kernel starts swinit as its init.
struct UserModeLinux: Engine {
  let name = "virtual machine"
  let usage = "`init=/swinit -- COMMAND` on the kernel's command line"
  let needs = VirtualMachine.userModeNeeds
  /// The memory limit is the size of its memory, without a cgroup.
  let features: Set<Feature> = [.memoryLimit, .ownMemoryLimit]

  func start(_ spec: Spec) throws -> any Container {
    let root = try Workspace.rootfs.get()
    // The kernel's command line has no quotes that could hold a script.
    let scriptFile = root.appending(path: "etc/\(Workspace.newName("script"))")
    let script = """
      #!/bin/sh
      PATH=/bin
      mount -t proc proc /proc
      # Allow a process to allocate more memory than the machine has.
      echo 1 >/proc/sys/vm/overcommit_memory
      exec \(spec.command.map(\.quoted).joined(separator: " "))

      """
    try Data(script.utf8).write(to: scriptFile)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scriptFile.path)
    // The kernel consumes a second `--` too, so swinit gets none.
    let machine = VirtualMachine.userMode(
      root: root.path, running: "/swinit", in: Workspace.directory.path,
      options: ["umid=\(Workspace.newName("machine"))"] + spec.variables
        + ["--", "/etc/\(scriptFile.lastPathComponent)"])
    return Machine(job: try Job(machine.command))
  }

  /// A kernel panics when its init exits, and reports the exit code.
  private struct Machine: Container {
    let job: Job

    func output() throws -> String { try job.output() }

    func exec(_ command: [String]) throws -> Outcome { throw Failure("a kernel has no exec") }

    func stop() throws { throw Failure("a kernel has no stop signal") }

    func type(_ text: String) throws { try job.type(text) }

    func wait() throws -> Int32 {
      let output = try job.wait(Patience.end).output
      guard let status = VirtualMachine.exitStatus(from: output) else {
        throw Failure("PID 1 has not exited: \(output)")
      }
      return status
    }

    func hostPID() throws -> Int32 { job.pid }

    func remove() { job.kill() }
  }
}
