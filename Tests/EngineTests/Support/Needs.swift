import Foundation
import Testing
import TestSupport

extension Need {
  /// A file, and the package that has it.
  static func file(_ path: String, package: String) -> Need {
    .feature(
      "the package \(package)", isThere: FileManager.default.fileExists(atPath: path))
  }

  private static let swinit = Need.feature(
    "\(Workspace.swinit.path) (README says how it is built)",
    isThere: FileManager.default.isExecutableFile(atPath: Workspace.swinit.path))

  /// What every engine needs.
  static let always = [root, .program("busybox", package: "busybox-static"), swinit]
}

/// What is missing, in words; nil if nothing is.
func missing(_ needs: [Need], for name: String) -> Comment? {
  let missing = needs.filter { !$0.isMet }.map(\.description)
  return missing.isEmpty ? nil : "\(name) \(missing.joined(separator: ", "))"
}

/// Skips the test where one of the needs isn't met; under CI it fails.
func require(_ needs: [Need], for name: String) throws {
  guard let message = missing(needs, for: name) else { return }
  guard !isCI else { throw Failure(message.rawValue) }
  try Test.cancel(message)
}
