import Foundation
import TestSupport
import Testing

/// The binary that ships, in the engines that people use.
///
/// `engines` are the columns of the table, the files of `Promises` are its rows. What only one
/// engine can do is in `Particulars`.
@Suite(.serialized, .leavesNothingBehind, .failsWithStandIn, .timeLimit(.minutes(10)))
enum EngineTests {
  private static let all: [any Engine] = [
    OCIRuntime.runc, OCIRuntime.crun,
    Podman.initPath, Podman.initPathOfConfiguration, Podman.entrypoint,
    Podman.rootlessInitPath, Podman.rootlessInitPathOfConfiguration, Podman.rootlessEntrypoint,
    Docker.initPath, Docker.entrypoint,
    Kubernetes.privateProcesses, Kubernetes.sharedProcesses,
    Sandbox.unshare, Sandbox.unshareByUser, Sandbox.bubblewrap, Sandbox.bubblewrapByUser,
    Sandbox.nspawn, UserModeLinux(),
  ]

  /// All, or those with `ENGINE` in their names: while one works on one of them.
  static let engines = all.filter { engine in
    ProcessInfo.processInfo.environment["ENGINE"].map { engine.name.contains($0) } ?? true
  }

  @Test(.tags(.holdsWithoutSwinit), arguments: engines)
  static func `a program runs in each engine`(engine: any Engine) throws {
    try engine.with(Spec(command: ["sh", "-c", "echo here"])) { container in
      #expect(try container.wait() == 0)
      try container.waitFor("here")
    }
  }

  /// A row says how many of its cells were looked at, but not which ones were skipped.
  @Test(.tags(.holdsWithoutSwinit))
  static func `each engine of the table is here, or is named with what it needs`() {
    for engine in all {
      guard let message = missing(Need.always + engine.needs, for: engine.name) else { continue }
      Issue.record(message, severity: isCI ? .error : .warning)
    }
  }

  @Test(.tags(.holdsWithoutSwinit))
  static func `README's table names these engines, and what they can't do`() throws {
    try ReadmePart("engines").expect(ReadmeTable.lines(all))
  }

  static func engines(with features: Feature...) -> [any Engine] {
    engines.filter { $0.features.isSuperset(of: features) }
  }
}
