import Foundation
import TestSupport

/// The default profile of docker and podman, in the format of an OCI runtime.
enum Seccomp {
  private static let path = "/usr/share/containers/seccomp.json"

  static let need = Need.file(path, package: "golang-github-containers-common")

  /// The rules that apply to a container without capabilities.
  static func profileWithoutCapabilities() throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: path))
    guard let profile = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let rules = profile["syscalls"] as? [[String: Any]],
      let action = profile["defaultAction"] as? String
    else { throw Failure("\(path) has an unexpected format") }
    return [
      "defaultAction": action,
      "defaultErrnoRet": profile["defaultErrnoRet"] ?? Int(EPERM),
      "syscalls": rules.filter(applies).map { rule in
        rule.filter { ["names", "action", "args", "errnoRet"].contains($0.key) }
          .filter { !($0.value is NSNull) }
      },
    ]
  }

  /// Some rules apply only to other architectures, or to processes with a capability.
  private static func applies(_ rule: [String: Any]) -> Bool {
    let includes = rule["includes"] as? [String: Any] ?? [:]
    let machines = includes["arches"] as? [String] ?? []
    return includes["caps"] == nil && (machines.isEmpty || machines.contains(machine))
  }

  #if arch(arm64)
    private static let machine = "arm64"
  #else
    private static let machine = "amd64"
  #endif
}
