import Foundation
import TestSupport
import Testing

/// What there is a released file for, named as container platforms are.
enum Architecture: String, CaseIterable, CustomTestStringConvertible {
  case amd64
  case arm64
  case riscv64
  case armv7
  case i386 = "386"

  var testDescription: String { rawValue }

  private static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where the released files are: `RELEASE`, or where `.ci/run` puts them.
  private static let release =
    ProcessInfo.processInfo.environment["RELEASE"] ?? package.appending(path: ".build-release").path

  private static let machines = package.appending(path: ".build-machines").path

  var file: String { "\(Architecture.release)/swinit-linux-\(rawValue)" }

  /// A shell and its tools: i686 runs those of x86-64.
  var busybox: String {
    "\(Architecture.machines)/\(self == .i386 ? "amd64" : rawValue)/usr/bin/busybox"
  }

  /// What plays the machine; nil where this machine's own kernel runs the file.
  var emulation: (emulator: String, package: String, kernel: String, console: String)? {
    switch self {
    case .arm64, .armv7:
      // Its kernel runs programs of 32 bits too.
      ("qemu-system-aarch64 -cpu cortex-a57", "qemu-system-arm", kernel("arm64"), "ttyAMA0")
    case .riscv64: ("qemu-system-riscv64", "qemu-system-misc", kernel("riscv64"), "ttyS0")
    case .amd64, .i386: nil
    }
  }

  private func kernel(_ architecture: String) -> String {
    let directory = "\(Architecture.machines)/\(architecture)/boot"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return "\(directory)/\(files.first { $0.hasPrefix("vmlinu") } ?? "vmlinuz")"
  }

  /// What a test of it can't do without.
  var needs: [Need] {
    var needs: [Need] = [
      .root, .program("busybox", package: "busybox-static"), .made(file, by: ".ci/release"),
      .made(busybox, by: ".ci/machines"),
    ]
    if let (emulator, package, kernel, _) = emulation {
      let program = emulator.prefix { $0 != " " }
      needs += [.program(String(program), package: package), .made(kernel, by: ".ci/machines")]
    }
    return needs
  }
}

extension Need {
  fileprivate static func made(_ file: String, by script: String) -> Need {
    .feature("\(file), of \(script)", isThere: FileManager.default.fileExists(atPath: file))
  }
}
