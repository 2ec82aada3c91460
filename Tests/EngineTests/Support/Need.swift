import Foundation
import Testing

/// Something that this machine may not have.
struct Need: Sendable {
  let what: String
  let isMet: @Sendable () -> Bool

  /// A program, and the package that has it.
  static func program(_ name: String, _ package: String) -> Need {
    Need(what: "\(name) (apt-get install \(package))") {
      ["/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"].contains {
        FileManager.default.isExecutableFile(atPath: $0 + name)
      }
    }
  }

  static func file(_ path: String, _ package: String) -> Need {
    Need(what: "\(path) (apt-get install \(package))") {
      FileManager.default.fileExists(atPath: path)
    }
  }

  static let root = Need(what: "root") { geteuid() == 0 }
  static let busybox = program("busybox", "busybox-static")
  static let swinit = Need(what: "\(Workspace.swinit.path) (README says how it is built)") {
    FileManager.default.isExecutableFile(atPath: Workspace.swinit.path)
  }

  /// What every engine needs.
  static let always = [root, busybox, swinit]
}

/// Whether this is the machine that must have everything.
let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

/// What is missing, in words; nil if nothing is.
func missing(_ needs: [Need], for name: String) -> Comment? {
  let missing = needs.filter { !$0.isMet() }.map(\.what)
  return missing.isEmpty ? nil : "\(name) needs \(missing.joined(separator: ", "))"
}

/// Skips the test where one of the needs isn't met; under CI it fails.
func require(_ needs: [Need], for name: String) throws {
  guard let message = missing(needs, for: name) else { return }
  guard !isCI else { throw Failure(message.rawValue) }
  try Test.cancel(message)
}
