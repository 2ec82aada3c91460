import Foundation
import TestSupport
import Synchronization

/// The exit status and the output of a program.
struct Outcome {
  let status: Int32
  let output: String

  /// The lines of the output, without empty ones.
  var lines: [Substring] { output.split(whereSeparator: \.isNewline) }
}

/// A running program whose output goes to a file.
final class Job: Sendable {
  let pid: Int32
  private let command: [String]
  private let log: URL
  private let input: Foundation.Pipe?
  /// The exit status, once it is known.
  private let status = Mutex<Int32?>(nil)

  /// Starts `command`. With a terminal it runs under script(1), to which `type` writes.
  init(_ command: [String], terminal: Bool = false) throws {
    self.command = command
    log = try Workspace.newFile("job")
    input = terminal ? Foundation.Pipe() : nil
    let shown = ["script", "-qefc", command.map(\.quoted).joined(separator: " "), "/dev/null"]
    let output = try FileHandle(forWritingTo: log)
    let source =
      try input?.fileHandleForReading
      ?? FileHandle(forReadingFrom: URL(filePath: "/dev/null"))
    pid = try spawn(
      ["/usr/bin/env"] + (terminal ? shown : command),
      environment: Workspace.environment.map { "\($0.key)=\($0.value)" },
      descriptors: [source, output, output].map(\.fileDescriptor))
    try source.close()
    try output.close()
  }

  /// The output so far.
  func output() throws -> String {
    String(decoding: try Data(contentsOf: log), as: UTF8.self)
  }

  /// Types a text on the terminal.
  func type(_ text: String) throws {
    try input?.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  }

  /// Waits until the program exits, and optionally kills it when the limit is over.
  func wait(_ limit: Duration = Patience.work, orKill: Bool = true) throws -> Outcome {
    let clock = ContinuousClock.now
    while true {
      if let status = exitStatus(waiting: false) {
        return Outcome(status: status, output: try output())
      }
      guard ContinuousClock.now - clock < limit else { break }
      usleep(2_000)
    }
    if orKill { kill() }
    throw Failure("\(command) has not exited within \(limit): \(try output())")
  }

  /// Kills it and its process group if it leads one: a virtual machine is several processes.
  func kill() {
    guard exitStatus(waiting: false) == nil else { return }
    Foundation.kill(-pid, SIGKILL)
    Foundation.kill(pid, SIGKILL)
    _ = exitStatus(waiting: true)
  }

  /// The exit status if it has exited.
  private func exitStatus(waiting: Bool) -> Int32? {
    status.withLock { status in
      status = status ?? statusOfChild(pid, waiting: waiting)
      return status
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: log)
  }
}

/// Runs a program until it exits.
@discardableResult
func run(_ command: [String], within limit: Duration = Patience.work) throws -> Outcome {
  try Job(command).wait(limit)
}

/// Runs a program that must succeed, and gives its output without the last newline.
@discardableResult
func succeed(_ command: [String], within limit: Duration = Patience.work) throws -> String {
  let outcome = try run(command, within: limit)
  guard outcome.status == 0 else {
    throw Failure("\(command) exited with \(outcome.status): \(outcome.output)")
  }
  return outcome.output.trimmingCharacters(in: .newlines)
}

/// Waits until `condition` is true.
func eventually(
  _ what: String, within limit: Duration = Patience.change, _ condition: () throws -> Bool
) throws {
  let clock = ContinuousClock.now
  while !(try condition()) {
    guard ContinuousClock.now - clock < limit else {
      throw Failure("not within \(limit): \(what)")
    }
    usleep(5_000)
  }
}

/// The reason why a test cannot continue.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension String {
  /// The string quoted as one word for a shell.
  var quoted: String { "'" + replacingOccurrences(of: "'", with: "'\\''") + "'" }
}

/// The exit status of a child, 128+N if signal N killed it; nil while it runs.
private func statusOfChild(_ pid: pid_t, waiting: Bool) -> Int32? {
  var status: Int32 = 0
  guard unsafe waitpid(pid, &status, waiting ? 0 : WNOHANG) == pid else { return nil }
  let signal = status & 0x7f
  return signal == 0 ? status >> 8 & 0xff : 128 + signal
}
