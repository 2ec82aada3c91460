import Foundation
package import Testing

/// The tests of a suite wait for processes more than they work, so more of them run at a time than
/// there are processors. Swift's concurrency has a thread for each processor, which a waiting test
/// blocks.
package struct MostlyWaits: SuiteTrait, TestScoping {
  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    // A serialized suite has a thread of its own: its second test would otherwise come after the first
    // ones of all other suites, and the whole would end with a few suites that wait.
    let isSerialized = test.traits.contains { $0 is ParallelizationTrait }
    try await withTaskExecutorPreference(isSerialized ? Threads.ofSerialized : .ofOthers) {
      try await function()
    }
  }
}

extension Trait where Self == MostlyWaits {
  package static var mostlyWaits: Self { MostlyWaits() }
}

private final class Threads: TaskExecutor {
  static let ofSerialized = Threads(64)
  static let ofOthers = Threads(3 * ProcessInfo.processInfo.activeProcessorCount)

  private let queue = OperationQueue()

  private init(_ count: Int) { queue.maxConcurrentOperationCount = count }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.addOperation { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
