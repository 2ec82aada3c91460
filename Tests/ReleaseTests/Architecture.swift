import Foundation
import TestSupport
import Testing

/// An architecture with a released file, named as container platforms are.
enum Architecture: String, CaseIterable, CustomTestStringConvertible {
  case amd64
  case arm64
  case riscv64
  case armv7
  case i386 = "386"

  var testDescription: String { rawValue }

  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The directory of the released files: `RELEASE`, or the one that `.ci/run` uses.
  static let release =
    ProcessInfo.processInfo.environment["RELEASE"] ?? package.appending(path: ".build-release").path

  private static let machines = package.appending(path: ".build-machines").path

  /// The one of this machine.
  #if arch(arm64)
    static let own = arm64
  #else
    static let own = amd64
  #endif

  var file: String { "\(Architecture.release)/swinit-linux-\(rawValue)" }

  /// A shell with its tools. i686 uses those of x86-64.
  var busybox: String {
    "\(Architecture.machines)/\(self == .i386 ? "amd64" : rawValue)/usr/bin/busybox"
  }

  /// The emulator of the machine; nil if this machine's own kernel can run the file.
  var emulation: (emulator: String, package: String, kernel: String, console: String)? {
    switch self {
    case .arm64, .armv7:
      // The arm64 kernel also runs 32-bit programs.
      (
        "qemu-system-aarch64 -machine virt -cpu cortex-a57 -m 128", "qemu-system-arm",
        kernel("arm64"), "ttyAMA0"
      )
    case .riscv64:
      ("qemu-system-riscv64 -machine virt -m 128", "qemu-system-misc", kernel("riscv64"), "ttyS0")
    case .amd64, .i386: nil
    }
  }

  private func kernel(_ architecture: String) -> String {
    let directory = "\(Architecture.machines)/\(architecture)/boot"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return "\(directory)/\(files.first { $0.hasPrefix("vmlinu") } ?? "vmlinuz")"
  }

  /// What a test of the architecture needs.
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
  static func made(_ file: String, by script: String) -> Need {
    .feature("\(file), made by \(script)", isThere: FileManager.default.fileExists(atPath: file))
  }
}
