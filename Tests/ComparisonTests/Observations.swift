import Foundation

/// The observations. Each cell is observed when a test first asks for it.
actor Observations {
  static let shared = Observations()

  private var tasks: [Cell: Task<String, any Error>] = [:]

  func observe(_ cell: Cell) async throws -> String {
    if let task = tasks[cell] { return try await task.value }
    // Keys and jobs race each other, even without an init, so an unexpected result of another init
    // is observed again, up to twice. What swinit promises holds each time.
    let repetitions = cell.subject == .swinit ? 0 : 2
    let task = Task(executorPreference: SeveralThreads.shared) {
      var observed = try await cell.observe()
      for _ in 0..<repetitions where observed != cell.expected {
        observed = try await cell.observe()
      }
      return observed
    }
    tasks[cell] = task
    return try await task.value
  }
}

/// Threads for work that mostly waits and would block the few threads of Swift's concurrency.
private final class SeveralThreads: TaskExecutor {
  static let shared = SeveralThreads()

  private let queue = OperationQueue()

  private init() { queue.maxConcurrentOperationCount = 8 }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.addOperation { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
