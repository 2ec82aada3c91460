import Foundation

/// A container whose engine has a program that runs as long as it does, and leaves with its status.
struct Client: Container {
  let job: Job
  /// What comes before a command that is to run in it.
  let enter: () throws -> [String]
  let stopping: () throws -> Void
  let pid: () throws -> Int32
  let removing: () -> Void

  func output() throws -> String { try job.output() }

  func exec(_ command: [String]) throws -> Outcome { try run(enter() + command) }

  func stop() throws { try stopping() }

  func type(_ text: String) throws { try job.type(text) }

  func wait() throws -> Int32 {
    // Without the engine's program, it couldn't be removed.
    try job.wait(Patience.end, orKill: false).status
  }

  func hostPID() throws -> Int32 { try pid() }

  func remove() {
    removing()
    job.kill()
  }
}
