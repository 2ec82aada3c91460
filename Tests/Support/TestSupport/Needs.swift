import Foundation
package import Testing

/// A requirement of a test that not every machine meets.
package enum Need: Error, CustomStringConvertible {
  case root
  /// Permission to create PID namespaces, as root or in a user namespace.
  case namespaces
  /// A program, from a package of the same name unless one is given.
  case program(String, package: String? = nil)
  /// Another requirement, and whether it is met.
  case feature(String, isThere: Bool)

  package var description: String {
    switch self {
    case .root: "needs root"
    case .namespaces: "needs permission to create PID namespaces"
    case .program(let name, let package): "needs the package \(package ?? name)"
    case .feature(let name, _): "needs \(name)"
    }
  }

  package var isMet: Bool {
    switch self {
    case .root: isRoot
    case .namespaces: Place.namespacesWork
    case .program(let name, _): Self.find(name) != nil
    case .feature(_, let isThere): isThere
    }
  }

  package static func find(_ name: String) -> String? {
    searchPath.split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test if a need is not met, and reports which; in CI the test fails.
  package static func needs(_ needs: [Need]) -> Self {
    let missing = needs.filter { !$0.isMet }
    return .enabled("\(missing.map(\.description).joined(separator: ", "))") {
      guard let first = missing.first, isCI else { return missing.isEmpty }
      throw first
    }
  }

  package static func needs(_ need: Need) -> Self { needs([need]) }
}
