import Foundation
import Pages
import TestSupport
import Testing

/// These tests run the released binary in container engines.
///
/// The files in `Promises` test each promise in each of the `engines`. The files in `Particulars`
/// test what only one engine can do.
@Suite(
  "swinit in container engines", .serialized, .needs(Need.always), .leavesNothingBehind,
  .failsWithStandIn, .timeLimit(.minutes(10)))
enum EngineTests {
  static let all: [any Engine] = [
    OCIRuntime.runc, OCIRuntime.crun,
    Podman.initPath, Podman.initPathOfConfiguration, Podman.entrypoint,
    Podman.rootlessInitPath, Podman.rootlessInitPathOfConfiguration, Podman.rootlessEntrypoint,
    Docker.initPath, Docker.entrypoint,
    Kubernetes.privateProcesses, Kubernetes.sharedProcesses,
    Sandbox.unshare, Sandbox.unshareByUser, Sandbox.bubblewrap, Sandbox.bubblewrapByUser,
    Sandbox.nspawn, UserModeLinux(),
  ]

  /// All engines, or those whose names contain `ENGINE`, for work on one of them.
  static let engines = all.filter { engine in
    ProcessInfo.processInfo.environment["ENGINE"].map { engine.name.contains($0) } ?? true
  }

  @Test("A program runs in each engine", .tags(.holdsWithoutSwinit), arguments: engines)
  static func engineRuns(engine: any Engine) throws {
    try engine.with(Spec(command: ["sh", "-c", "echo here"])) { container in
      #expect(try container.wait() == 0)
      try container.waitFor("here")
    }
  }

  /// The other tests report how many engines they ran in, but not which ones they skipped.
  @Test(
    "Each engine of the table is available, or is reported with what it needs",
    .tags(.holdsWithoutSwinit))
  static func engineAvailability() throws {
    let absent = all.compactMap { missing($0.needs, for: $0.name)?.rawValue }
    guard !isCI else {
      #expect(absent == [])
      return
    }
    if !absent.isEmpty { try Test.cancel("\(absent.joined(separator: "; "))") }
  }

  static func engines(with features: Feature...) -> [any Engine] {
    engines.filter { $0.features.isSuperset(of: features) }
  }
}

@Suite("The table of container engines")
struct EngineTableTests {
  @Test("ENGINES.md lists the engines of these tests and what each cannot do")
  func table() throws {
    try PagePart("engines", of: ".github/ENGINES.md").expect(EngineTable.lines(EngineTests.all))
  }
}
