import Foundation
import Pages
import Testing

/// A virtual machine of QEMU with two processors and cgroup v2 alone, which boots a kernel of Debian. It
/// sees this machine's files, which it can't change. swinit is its PID 1.
package struct EmulatedMachine {
  /// A Debian release, whose kernel runs.
  package enum Release: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case bullseye
    case bookworm
    case trixie

    fileprivate var folder: URL {
      packageDirectory.appending(path: ".build-kernels/\(rawValue)")
    }

    /// The version of its kernel.
    package var kernel: String {
      switch self {
      case .bullseye: "5.10"
      case .bookworm: "6.1"
      case .trixie: "6.12"
      }
    }

    /// Those that `KERNELS` names, as in `KERNELS=bullseye,trixie`; all if it is not set.
    package static let chosen = allCases.filter {
      ProcessInfo.processInfo.environment["KERNELS"]?.contains($0.rawValue) ?? true
    }

    package var testDescription: String { "kernel \(kernel)" }
  }

  /// What the tests need that boot these kernels.
  package static let needs: [Need] =
    [
      .root, .program("qemu-system-x86_64", package: "qemu-system-x86"),
      .program("busybox", package: "busybox-static"),
    ]
    + Release.chosen.map {
      .feature(
        "the kernel \($0.kernel), made by .ci/kernels",
        isThere: FileManager.default.fileExists(atPath: $0.folder.path))
    }

  /// In the order in which they depend on each other. No kernel has all.
  private static let modules = [
    "virtio", "virtio_ring", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci",
    "netfs", "fscache", "9pnet", "9pnet_virtio", "9p", "fuse",
  ]

  /// What a machine has left.
  package struct Result {
    /// The output of the script.
    package let output: String
    /// The messages of PID 1, and of the kernel.
    package let console: String
    /// The exit status of PID 1; nil if the kernel didn't say it.
    package var status: Int32? { VirtualMachine.exitStatus(from: console) }
  }

  /// Boots a kernel whose PID 1 is swinit with these options, and runs a shell script. It can write only to
  /// this directory, and to memory.
  package static func run(
    _ script: String, on release: Release, options: [String] = [],
    in directory: TemporaryDirectory, within limit: Double = 1800
  ) throws -> Result {
    let path = try directory.file("init", "exec >\(directory("output")) 2>&1\n\(script)\n")
    let archive = directory("initramfs")
    try VirtualMachine.pack(initialFiles(of: release, mounting: directory.path), to: archive)
    let machine = VirtualMachine.emulated(
      by: [
        "qemu-system-x86_64", "-smp", "2", "-m", "3072", "-fsdev",
        "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap", "-device",
        "virtio-9p-pci,fsdev=root,mount_tag=root", "-fsdev",
        "local,id=directory,path=\(directory.path),security_model=none", "-device",
        "virtio-9p-pci,fsdev=directory,mount_tag=directory",
      ],
      kernel: release.folder.appending(path: "kernel").path, archive: archive, console: "ttyS0",
      running: "/init", arguments: [Swinit.path] + options + ["/bin/sh", path])
    let outcome = try Run(["nice"] + machine.command).outcome(within: limit)
    guard let output = contents(of: directory("output")) else { throw DidNotBoot(outcome: outcome) }
    return Result(output: output, console: outcome.output)
  }

  private static func initialFiles(
    of release: Release, mounting directory: String
  ) throws -> TemporaryDirectory {
    let root = try TemporaryDirectory()
    for name in ["bin", "new", "modules"] {
      try FileManager.default.createDirectory(
        atPath: root(name), withIntermediateDirectories: false)
    }
    _ = try root.copy(of: Need.find("busybox") ?? "", "bin/busybox")
    for name in modules {
      let module = release.folder.appending(path: "modules/\(name).ko").path
      if FileManager.default.fileExists(atPath: module) {
        _ = try root.copy(of: module, "modules/\(name).ko")
      }
    }
    try root.file("init", initialScript(mounting: directory))
    return root
  }

  /// Mounts file systems and becomes the command that follows.
  private static func initialScript(mounting directory: String) -> String {
    """
    #!/bin/busybox sh
    /bin/busybox --install -s /bin
    export PATH=/bin
    for module in \(modules.joined(separator: " ")); do
      [ ! -e /modules/$module.ko ] || insmod /modules/$module.ko
    done
    plan9=trans=virtio,version=9p2000.L,msize=262144
    mount -t 9p -o ro,cache=loose,$plan9 root /new
    mount -t tmpfs tmpfs /new/run
    # Below it there would be this machine's processes, which a test that unmounts it would see.
    mount -t tmpfs tmpfs /new/proc
    mount -t proc proc /new/proc
    mount -t sysfs sysfs /new/sys
    mount -t devtmpfs dev /new/dev
    mkdir /new/dev/pts /new/dev/shm
    mount -t devpts -o ptmxmode=666 devpts /new/dev/pts
    mount -t tmpfs -o mode=1777 tmpfs /new/dev/shm
    ln -s /proc/self/fd /new/dev/fd
    mount -t cgroup2 cgroup2 /new/sys/fs/cgroup
    echo '+cpu +memory +pids' >/new/sys/fs/cgroup/cgroup.subtree_control
    mount -t 9p -o $plan9 directory /new\(directory)
    ifconfig lo 127.0.0.1
    export PATH=\(searchPath) TMPDIR=/dev/shm HOME=/dev/shm
    exec /bin/switch_root /new "$@"
    """
  }

  /// The script has not run.
  private struct DidNotBoot: Error {
    let outcome: Outcome
  }
}
