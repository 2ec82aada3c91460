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
    OCIRuntime.runc, OCIRuntime.crun, OCIRuntime.rootlessRunc, OCIRuntime.rootlessCrun,
    Podman.initPath, Podman.initPathOfConfiguration, Podman.entrypoint,
    Podman.rootlessInitPath, Podman.rootlessInitPathOfConfiguration, Podman.rootlessEntrypoint,
    Docker.initPath, Docker.entrypoint,
    Kubernetes.privateProcesses, Kubernetes.sharedProcesses,
    Sandbox.unshare, Sandbox.unshareByUser, Sandbox.bubblewrap, Sandbox.bubblewrapByUser,
    Sandbox.nspawn, UserModeLinux(),
  ]

  /// The engines that can run here. `ENGINE` selects those whose names contain one of its texts, which
  /// commas separate.
  static let engines = all.filter { engine in
    guard ControlGroup.isUnified || !engine.isForUnified else { return false }
    guard let names = ProcessInfo.processInfo.environment["ENGINE"] else { return true }
    return names.split(separator: ",").contains { engine.name.contains($0) }
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
    let absent = engines.compactMap { missing($0.needs, for: $0.name)?.rawValue }
    guard !isCI else {
      #expect(absent == [])
      return
    }
    if !absent.isEmpty { try Test.cancel("\(absent.joined(separator: "; "))") }
  }

  static func engines(with features: Feature...) -> [any Engine] {
    engines.filter { engine in features.allSatisfy(engine.has) }
  }
}

@Suite("The table of container engines")
struct EngineTableTests {
  @Test("ENGINES.md lists the engines of these tests and what each cannot do")
  func table() throws {
    try PagePart("engines", of: ".github/ENGINES.md").expect(EngineTable.lines(EngineTests.all))
  }
}
