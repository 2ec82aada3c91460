import Foundation
import Testing

/// What can be put into swinit's place, to see that each test fails with it:
///
///     STAND_IN=1 swift test --filter EngineTests
///
/// The tests then pass where they would fail, and fail where they would pass. What they found is
/// told as known issues.
enum StandIn {
  static let isUsed = ProcessInfo.processInfo.environment["STAND_IN"] != nil

  /// It becomes COMMAND, as `env` does: COMMAND is process 1 then, and nobody reaps for it or passes
  /// a signal on.
  static let path: String = {
    let script = """
      #!/bin/sh
      case ${1-} in
        --pause) exec sleep 100000 ;;
        --) shift ;;
        -*) exit 1 ;;
      esac
      exec "$@"

      """
    let file = Workspace.directory.appending(path: "stand-in")
    let files = FileManager.default
    try? files.createDirectory(at: Workspace.directory, withIntermediateDirectories: true)
    _ = files.createFile(
      atPath: file.path, contents: Data(script.utf8), attributes: [.posixPermissions: 0o755])
    return file.path
  }()
}

/// Turns the outcome of each test about, unless it holds without swinit too.
struct FailsWithStandIn: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard StandIn.isUsed, !test.tags.contains(.holdsWithoutSwinit) else {
      return try await function()
    }
    await withKnownIssue("without swinit") { try await function() }
  }
}

extension Trait where Self == FailsWithStandIn {
  /// Each test fails when something else is in swinit's place.
  static var failsWithStandIn: Self { Self() }
}

extension Tag {
  /// It holds whatever is in swinit's place, or compares by itself.
  @Tag static var holdsWithoutSwinit: Self
}
