import Foundation
import TestSupport

/// A virtual machine whose kernel has swinit as its own first process.
struct UserModeLinux: Engine {
  let name = "virtual machine"
  let usage = "`init=/swinit -- COMMAND` on the kernel's command line"
  let needs: [Need] = [.program("linux.uml", package: "user-mode-linux")]
  /// Its memory is all that it has, and no cgroup's.
  let features: Set<Feature> = [.memoryLimit, .ownMemoryLimit]

  func start(_ spec: Spec) throws -> any Container {
    let root = try Workspace.rootfs.get()
    // The kernel's command line has no quotes that could hold a script.
    let story = root.appending(path: "etc/\(Workspace.newName("story"))")
    let script = """
      #!/bin/sh
      PATH=/bin
      mount -t proc proc /proc
      # More may be asked for than there is.
      echo 1 >/proc/sys/vm/overcommit_memory
      exec \(spec.command.map(\.quoted).joined(separator: " "))

      """
    try Data(script.utf8).write(to: story)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: story.path)
    // It also stops reading at a second `--`, so that swinit gets none.
    let job = try Job(
      [
        // Where its memory begins is left to chance otherwise, and a gap costs a part of it.
        "setarch", "--addr-no-randomize", "linux.uml", "mem=256M", "root=/dev/root",
        "rootfstype=hostfs", "rootflags=\(root.path)",
        "ro", "init=/swinit", "con=null", "con0=null,fd:1", "quiet", "panic=-1",
        "umid=\(Workspace.newName("machine"))", "uml_dir=\(Workspace.directory.path)/",
      ] + spec.variables + ["--", "/etc/\(story.lastPathComponent)"])
    return Machine(job: job)
  }

  /// A kernel panics when its init ends, and says with what.
  private struct Machine: Container {
    let job: Job

    func output() throws -> String { try job.output() }

    func exec(_ command: [String]) throws -> Outcome { throw Failure("a kernel has no exec") }

    func stop() throws { throw Failure("a kernel has no stop signal") }

    func type(_ text: String) throws { try job.type(text) }

    func wait() throws -> Int32 {
      let output = try job.wait(Patience.end).output
      guard let said = output.firstRange(of: "Attempted to kill init! exitcode=0x"),
        let status = Int32(output[said.upperBound...].prefix(8), radix: 16)
      else { throw Failure("init hasn't ended: \(output)") }
      return status >> 8
    }

    func hostPID() throws -> Int32 { job.pid }

    func remove() { job.kill() }
  }
}
