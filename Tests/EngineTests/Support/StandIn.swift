import Foundation
import Synchronization
import Testing

/// A replacement for swinit, with which each test must fail:
///
///     STAND_IN=1 swift test --filter EngineTests
///
/// Then a test passes that has an issue, and one without fails.
enum StandIn {
  /// Not in CI, where no result is inverted.
  static let isUsed =
    ProcessInfo.processInfo.environment["STAND_IN"] != nil
    && ProcessInfo.processInfo.environment["CI"] != "true"

  /// It executes the command, as `env` does: the command is then PID 1 itself, without an init that
  /// reaps or forwards signals.
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

/// Inverts the result of each test, unless it also passes without swinit.
struct FailsWithStandIn: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard StandIn.isUsed, !test.tags.contains(.holdsWithoutSwinit) else {
      return try await function()
    }
    let issues = Mutex(0)
    let note: @Sendable (Issue) -> Issue? = { _ in
      issues.withLock { $0 += 1 }
      return nil
    }
    do {
      try await IssueHandlingTrait.compactMapIssues(note)
        .provideScope(for: test, testCase: testCase, performing: function)
    } catch {
      // A test whose needs are missing has been cancelled.
      if Task.isCancelled { throw error }
      return
    }
    if issues.withLock(\.self) == 0 { Issue.record("it holds without swinit") }
  }
}

extension Trait where Self == FailsWithStandIn {
  /// Each test fails with the stand-in.
  static var failsWithStandIn: Self { Self() }
}

extension Tag {
  /// The test passes without swinit, or runs with and without it.
  @Tag static var holdsWithoutSwinit: Self
}
