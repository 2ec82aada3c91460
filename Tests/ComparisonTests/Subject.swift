import TestSupport
import Testing

/// The inits that are compared.
enum Subject: String, CaseIterable {
  case swinit
  case tini
  case tiniStatic = "tini-static"
  case dumbInit = "dumb-init"
  case catatonit
  /// No init: `env` executes the command.
  case none = "no init"

  static let inits: [Subject] = [.swinit, .tini, .tiniStatic, .dumbInit, .catatonit]

  var path: String {
    switch self {
    case .swinit: Swinit.path
    case .none: Need.find("env") ?? "/no/env"
    default: Need.find(rawValue) ?? "/no/\(rawValue)"
    }
  }

  /// The version that the recorded differences apply to, Debian 12's, and its package.
  var release: (version: String, package: String)? {
    switch self {
    case .swinit, .none: nil
    case .tini, .tiniStatic: ("0.19.0", "tini")
    case .dumbInit: ("1.2.5", rawValue)
    case .catatonit: ("0.1.7", rawValue)
    }
  }

  /// That version must be installed.
  var needs: [Need] {
    guard let (version, package) = release else { return [] }
    return [
      .program(rawValue, package: package),
      .feature("\(rawValue) \(version)", isThere: Subject.versions[self] == version),
    ]
  }

  /// The installed versions of the other inits.
  private static let versions: [Subject: String] = inits.dropFirst().reduce(into: [:]) {
    guard let outcome = try? Run([$1.path, "--version"]).outcome() else { return }
    let match = (outcome.output + outcome.errors).firstMatch(of: /\d+\.\d+\.\d+/)
    $0[$1] = match.map { String($0.0) }
  }

  /// The options that make it signal the command's whole process group.
  var groupOptions: [String] {
    switch self {
    case .swinit, .dumbInit, .none: []
    case .tini, .tiniStatic, .catatonit: ["-g"]
    }
  }
}
