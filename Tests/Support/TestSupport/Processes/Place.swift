import Testing

/// Where swinit runs. Most promises hold in both places.
package enum Place: String, CaseIterable, CustomTestStringConvertible {
  case processOne = "PID 1"
  case plain = "plain process"

  package var testDescription: String { rawValue }

  /// A launcher that runs the command that follows it there.
  package var wrapper: [String] {
    switch self {
    case .plain: []
    case .processOne: ["unshare", isRoot ? "-fp" : "-Ucfp", "--mount-proc", "--kill-child"]
    }
  }

  /// In CI both places, so that a test fails if it can't run.
  package static let available: [Place] = namespacesWork || isCI ? allCases : [.plain]

  package static let namespacesWork =
    (try? Run(processOne.wrapper + ["true"]).ending()) == .exited(0)
}
