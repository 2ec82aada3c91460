import Foundation
package import Testing

/// Something that a test can't do without, and that not every machine has.
package enum Need: Error, CustomStringConvertible {
  case root
  /// The right to make PID namespaces, as root or with a user namespace.
  case namespaces
  /// A program: of a package of the same name, unless that is given.
  case program(String, package: String? = nil)
  /// Something else, and whether it is there.
  case feature(String, isThere: Bool)

  package var description: String {
    switch self {
    case .root: "needs root"
    case .namespaces: "needs the right to make PID namespaces"
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
  /// Skips the test where a need isn't met, and says which; under CI the test fails.
  package static func needs(_ needs: [Need]) -> Self {
    let missing = needs.filter { !$0.isMet }
    return .enabled("\(missing.map(\.description).joined(separator: ", "))") {
      guard let first = missing.first, isCI else { return missing.isEmpty }
      throw first
    }
  }

  package static func needs(_ need: Need) -> Self { needs([need]) }
}
