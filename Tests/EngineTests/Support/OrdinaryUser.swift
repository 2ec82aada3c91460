import Foundation

/// The user that tests are run as which need no root.
enum OrdinaryUser {
  static let name = "swtest"

  static let launcher = ["setpriv", "--reuid", name, "--regid", name, "--init-groups"]

  static let need = Need(what: "a user '\(name)' with subordinate ids (useradd \(name))") {
    contents("/etc/passwd").contains("\n\(name):") && contents("/etc/subuid").contains("\(name):")
  }
}
