import Foundation
import Testing
import TestSupport

extension Need {
  /// A file and the package that contains it.
  static func file(_ path: String, package: String) -> Need {
    .feature(
      "the package \(package)", isThere: FileManager.default.fileExists(atPath: path))
  }

  private static let swinit = Need.feature(
    "\(Workspace.swinit.path) (README says how it is built)",
    isThere: FileManager.default.isExecutableFile(atPath: Workspace.swinit.path))

  /// The needs of every engine.
  static let always = [root, .program("busybox", package: "busybox-static"), swinit]
}

/// A description of the unmet needs; nil if there are none.
func missing(_ needs: [Need], for name: String) -> Comment? {
  let missing = needs.filter { !$0.isMet }.map(\.description)
  return missing.isEmpty ? nil : "\(name) \(missing.joined(separator: ", "))"
}

/// Skips the test if a need is not met; in CI the test fails.
func require(_ needs: [Need], for name: String) throws {
  guard let message = missing(needs, for: name) else { return }
  guard !isCI else { throw Failure(message.rawValue) }
  try Test.cancel(message)
}
