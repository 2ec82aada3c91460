import Foundation

/// Threads for work that mostly waits and would block the few threads of Swift's concurrency.
final class SeveralThreads: TaskExecutor {
  static let shared = SeveralThreads()

  private let queue = OperationQueue()

  private init() { queue.maxConcurrentOperationCount = 8 }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.addOperation { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
