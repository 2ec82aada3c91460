import Testing

/// A kernel of its own that runs a program as its PID 1.
package struct VirtualMachine {
  /// The command that runs it until it shuts down. The kernel's console is its standard output.
  package let command: [String]

  /// User-mode Linux with a directory of this machine as its root. It needs another directory for
  /// itself. A kernel consumes the first `--` of the options.
  package static func userMode(
    root: String, running program: String, in directory: String, options: [String] = []
  ) -> VirtualMachine {
    VirtualMachine(
      command: [
        // With a random start of its memory, a gap would take away a part of it.
        "setarch", "--addr-no-randomize", "linux.uml", "mem=256M", "root=/dev/root",
        "rootfstype=hostfs", "rootflags=\(root)", "ro", "init=\(program)", "con=null",
        "con0=null,fd:1", "quiet", "panic=-1", "uml_dir=\(directory)/",
      ] + options)
  }

  package static let userModeNeeds: [Need] = [.program("linux.uml", package: "user-mode-linux")]

  /// A machine that QEMU emulates, with the root directory in an archive.
  package static func emulated(
    by emulator: [String], kernel: String, archive: String, console: String,
    running program: String,
    arguments: [String]
  ) -> VirtualMachine {
    let words =
      ["console=\(console)", "loglevel=1", "panic=-1", "rdinit=\(program)", "--"] + arguments
    return VirtualMachine(
      command: emulator + [
        "-accel", "tcg", "-nographic", "-nic", "none",
        "-no-reboot", "-kernel", kernel, "-initrd", archive, "-append",
        words.joined(separator: " "),
      ])
  }

  /// Puts the root directory of an emulated machine into an archive.
  package static func pack(_ root: TemporaryDirectory, to archive: String) throws {
    let script = "cd \"$0\" && find . | busybox cpio -o -H newc >\"$1\""
    try Run(["sh", "-c", script, root.path, archive]).expect(ending: .exited(0))
  }

  /// The exit status of PID 1, for which the kernel panicked; nil if the console shows no panic.
  package static func exitStatus(from console: String) -> Int32? {
    console.firstMatch(of: /Attempted to kill init! exitcode=0x([0-9a-f]{8})/)
      .flatMap { Int32($0.1, radix: 16) }.map { $0 >> 8 }
  }
}
