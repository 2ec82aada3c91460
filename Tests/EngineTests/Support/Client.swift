import Foundation

/// A container whose engine has a client that runs as long as it does and exits with its status.
struct Client: Container {
  let job: Job
  /// The command line before a command to execute in the container.
  let enter: () throws -> [String]
  let stopping: () throws -> Void
  let pid: () throws -> Int32
  let removing: () -> Void

  func output() throws -> String { try job.output() }

  func exec(_ command: [String]) throws -> Outcome { try run(enter() + command) }

  func stop() throws { try stopping() }

  func type(_ text: String) throws { try job.type(text) }

  func wait() throws -> Int32 {
    // If the client were killed, the container could not be removed.
    try job.wait(Patience.end, orKill: false).status
  }

  func hostPID() throws -> Int32 { try pid() }

  func remove() {
    removing()
    job.kill()
  }
}
