import Foundation
import TestSupport

/// The user for engines that run without root.
enum OrdinaryUser {
  static let name = "swtest"

  static let launcher = ["setpriv", "--reuid", name, "--regid", name, "--init-groups"]

  static let need = Need.feature(
    "a user '\(name)' with subordinate ids (useradd \(name))",
    isThere: contents("/etc/passwd").contains("\n\(name):")
      && contents("/etc/subuid").contains("\(name):"))
}
