import Foundation
import TestSupport
import Testing

/// A machine or PID namespace whose PID 1 is the released file, with a shell beside it.
struct Machine {
  let architecture: Architecture
  private let root: TemporaryDirectory
  private let files: TemporaryDirectory

  init(_ architecture: Architecture, running scenarios: [Scenario]) throws {
    self.architecture = architecture
    root = try TemporaryDirectory()
    files = try TemporaryDirectory()
    for name in ["bin", "dev", "etc", "proc", "sys", "tmp", "scenarios"] {
      try FileManager.default.createDirectory(
        atPath: root(name), withIntermediateDirectories: false)
    }
    _ = try root.copy(of: architecture.file, "swinit")
    _ = try root.copy(of: architecture.busybox, "bin/busybox")
    for (index, scenario) in scenarios.enumerated() {
      try root.file("scenarios/\(index)", scenario.script)
    }
    try root.file("run-scenarios", Machine.runScenarios(count: scenarios.count))
  }

  /// The command of PID 1: it prints the output of each scenario between two lines of its own.
  private static func runScenarios(count: Int) -> String {
    """
    #!/bin/busybox sh
    /bin/busybox --install -s /bin
    export PATH=/bin
    mount -t proc proc /proc
    mount -t sysfs sysfs /sys
    mount -t tmpfs tmpfs /dev
    mknod -m 666 /dev/null c 1 3
    mknod -m 666 /dev/zero c 1 5
    for number in $(seq 0 \(count - 1)); do
      echo "begin $number"
      sh /scenarios/$number 2>&1 </dev/null
      echo "end $number"
    done
    exit 7

    """
  }

  /// The output of each scenario, and the exit status of PID 1.
  func run() throws -> (outputs: [Int: String], status: Int32?) {
    let outcome = try start().outcome(within: 600)
    // A serial line has a CR before each LF.
    let text = outcome.output.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).joined(separator: "\n")
    var outputs: [Int: String] = [:]
    for match in text.matches(of: /(?s)begin (\d+)\n(.*?)end \1\n/) {
      outputs[try #require(Int(match.1))] = String(match.2)
    }
    guard architecture.emulation != nil else {
      guard case .exited(let status) = outcome.ending else { return (outputs, nil) }
      return (outputs, status)
    }
    return (outputs, VirtualMachine.exitStatus(from: text))
  }

  private func start() throws -> Run {
    guard let (emulator, _, kernel, console) = architecture.emulation else {
      return try Run(
        ["unshare", "-mpf", "--kill-child", "--root", root.path, "/swinit", "--", "/run-scenarios"])
    }
    let archive = files("initramfs")
    try VirtualMachine.pack(root, to: archive)
    let machine = VirtualMachine.emulated(
      by: emulator.split(separator: " ").map(String.init), kernel: kernel, archive: archive,
      console: console, running: "/swinit", arguments: ["/run-scenarios"])
    return try Run(machine.command)
  }
}
