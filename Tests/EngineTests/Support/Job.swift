import Foundation
import TestSupport
import Synchronization

/// How a program ended, and all that it wrote.
struct Outcome {
  let status: Int32
  let output: String

  /// The output's lines, without empty ones.
  var lines: [Substring] { output.split(whereSeparator: \.isNewline) }
}

/// A program that runs, and writes to a file.
final class Job: Sendable {
  let pid: Int32
  private let command: [String]
  private let log: URL
  private let input: Foundation.Pipe?
  /// What it ended with, once that is known.
  private let status = Mutex<Int32?>(nil)

  /// Begins `command`. One that has a terminal runs under `script`, whose own input is `type`'s.
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

  /// All that has been written so far.
  func output() throws -> String {
    String(decoding: try Data(contentsOf: log), as: UTF8.self)
  }

  /// What a user would type.
  func type(_ text: String) throws {
    try input?.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  }

  /// Waits for the end, for as long as `limit`; when that is over, it kills the program, or not.
  func wait(_ limit: Duration = Patience.work, orKill: Bool = true) throws -> Outcome {
    let clock = ContinuousClock.now
    while true {
      if let status = end(waiting: false) { return Outcome(status: status, output: try output()) }
      guard ContinuousClock.now - clock < limit else { break }
      usleep(2_000)
    }
    if orKill { kill() }
    throw Failure("\(command) hasn't ended in \(limit): \(try output())")
  }

  /// Ends it, whatever it does, and those of the group that it may have made: a virtual machine is
  /// several processes.
  func kill() {
    guard end(waiting: false) == nil else { return }
    Foundation.kill(-pid, SIGKILL)
    Foundation.kill(pid, SIGKILL)
    _ = end(waiting: true)
  }

  /// Its status, if it has ended.
  private func end(waiting: Bool) -> Int32? {
    status.withLock { status in
      status = status ?? endOfChild(pid, waiting: waiting)
      return status
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: log)
  }
}

/// Runs a program to its end.
@discardableResult
func run(_ command: [String], within limit: Duration = Patience.work) throws -> Outcome {
  try Job(command).wait(limit)
}

/// Runs a program that must succeed, and gives its output without the last newline.
@discardableResult
func succeed(_ command: [String], within limit: Duration = Patience.work) throws -> String {
  let outcome = try run(command, within: limit)
  guard outcome.status == 0 else {
    throw Failure("\(command) ended with \(outcome.status): \(outcome.output)")
  }
  return outcome.output.trimmingCharacters(in: .newlines)
}

/// Looks until `condition` holds, for as long as `limit`.
func eventually(
  _ what: String, within limit: Duration = Patience.change, _ condition: () throws -> Bool
) throws {
  let clock = ContinuousClock.now
  while !(try condition()) {
    guard ContinuousClock.now - clock < limit else {
      throw Failure("it didn't come about in \(limit): \(what)")
    }
    usleep(5_000)
  }
}

/// Something that a test can't go on after.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension String {
  /// As one word of a shell's command line.
  var quoted: String { "'" + replacingOccurrences(of: "'", with: "'\\''") + "'" }
}

/// The status that a child ended with, 128+N for a signal N; nil as long as it runs.
private func endOfChild(_ pid: pid_t, waiting: Bool) -> Int32? {
  var status: Int32 = 0
  guard unsafe waitpid(pid, &status, waiting ? 0 : WNOHANG) == pid else { return nil }
  let signal = status & 0x7f
  return signal == 0 ? status >> 8 & 0xff : 128 + signal
}
