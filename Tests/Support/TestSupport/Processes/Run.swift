package import Foundation
import Glibc
package import Testing

/// The `PATH` of the tests and of the programs that they run.
package let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/// A command that runs below the probe as `nest`. All its descendants are killed with this object.
///
/// Tests wait for events, never for time to pass. The limit stops a test that fails: it is far longer
/// than a slow machine takes. `WAIT_LIMIT` sets another, in seconds, for a machine that is emulated.
package final class Run {
  package static let limit =
    ProcessInfo.processInfo.environment["WAIT_LIMIT"].flatMap(Double.init) ?? 120

  /// The process ID of the nest, an ancestor of all processes of the run.
  package let nest: pid_t
  /// The path of the init.
  let program: String
  /// The init's process ID, once it was found.
  var found: pid_t?
  private var control: Int32?
  private let output: Stream
  private let errors: Stream
  private let report: Stream
  private var reported = Report()
  /// Objects that are released after the last process has exited.
  package var keeps: [AnyObject] = []

  /// Runs a command; `program` is the path of the init that is part of it.
  package init(
    _ command: [String], of program: String = Swinit.path,
    environment: [String] = ["PATH=\(searchPath)"], errors sink: ErrorSink = .captured
  ) throws {
    self.program = program
    let (outputPipe, reportPipe, controlPipe) = (try Pipe(), try Pipe(), try Pipe())
    let errorWriter: Int32
    (errors, errorWriter) = try sink.open()
    let input = try check(unsafe open("/dev/null", O_RDONLY | O_CLOEXEC))
    let theirs = [
      input, outputPipe.writer, errorWriter, reportPipe.writer, controlPipe.reader,
    ]
    nest = try spawn(
      [probe, "nest", "3", "4"] + command, environment: environment, descriptors: theirs)
    for end in theirs { close(end) }
    output = Stream(outputPipe.reader)
    report = Stream(reportPipe.reader)
    control = controlPipe.writer
  }

  /// Runs the init at a path with these arguments, through a launcher.
  package convenience init(
    of program: String, _ arguments: [String], at place: Place, launcher: [String] = [],
    environment: [String] = ["PATH=\(searchPath)"], errors: ErrorSink = .captured
  ) throws {
    try self.init(
      place.wrapper + launcher + [program] + arguments, of: program, environment: environment,
      errors: errors)
  }

  /// Runs swinit with these arguments, through a launcher.
  package static func swinit(
    _ arguments: String..., at place: Place, launcher: [String] = [],
    environment: [String] = ["PATH=\(searchPath)"], errors: ErrorSink = .captured
  ) throws -> Run {
    try Run(
      of: Swinit.path, arguments, at: place, launcher: launcher, environment: environment,
      errors: errors)
  }

  /// Runs a shell script whose `"$@"` runs swinit at the place, to run it many times.
  package static func script(_ script: String, at place: Place) throws -> Run {
    try Run(["sh", "-c", script, "sh"] + place.wrapper + [Swinit.path])
  }

  deinit {
    for stream in [output, errors, report] { stream.close() }
    cleanUp()
    while waitpid(nest, nil, 0) < 0 && errno == EINTR {}
  }
}

// MARK: - Waiting

extension Run {
  /// The next line of standard output.
  package func line(
    within limit: Double = limit, _ location: SourceLocation = #_sourceLocation
  ) throws -> String {
    let line = try wait(for: "a line of output", within: limit, location) { output.nextLine() }
    // A start time is a number of ticks, of 10 ms. To a process that started in the tick in which its
    // process group is signalled, swinit sends SIGTERM again.
    if line.hasSuffix("ready") {
      let tick = startTimeTick
      try wait(until: "the next tick", location) { startTimeTick > tick }
    }
    return line
  }

  /// The current tick of the clock that start times are read from; see proc_pid_stat(5).
  private var startTimeTick: Int {
    var now = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &now)
    return now.tv_sec * 100 + now.tv_nsec / 10_000_000
  }

  /// The next line of standard output; nil if the command has terminated without another.
  package func lineUnlessEnded(_ location: SourceLocation = #_sourceLocation) throws -> String? {
    var line: String?
    try wait(until: "a line of output, or termination", location) {
      let hasEnded = hasEnded
      // All that was written before the command terminated can be read now.
      if hasEnded { readAvailable() }
      line = output.nextLine()
      return line != nil || hasEnded
    }
    return line
  }

  /// Whether the command has terminated.
  package var hasEnded: Bool {
    readAvailable()
    return reported.ending != nil
  }

  /// Whether a condition becomes true: see `comes(below:within:_:)`.
  package func comes(
    within limit: Double = 30, _ condition: () throws -> Bool
  ) rethrows -> Bool {
    try TestSupport.comes(below: nest, within: limit, condition)
  }

  /// The next line of standard output if one is available.
  package func takeLine() -> String? {
    readAvailable()
    return output.nextLine()
  }

  /// The next `count` lines of standard output, sorted, for processes that write concurrently.
  package func lines(
    _ count: Int, _ location: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    try (0..<count).map { _ in try line(location) }.sorted()
  }

  /// The next line of standard error, but for the message that `withoutWatch` removes.
  package func errorLine(_ location: SourceLocation = #_sourceLocation) throws -> String {
    try wait(for: "a line of errors", location) {
      while let line = errors.nextLine() {
        if !(line + "\n").withoutWatch.isEmpty { return line }
      }
      return nil
    }
  }

  package func expect(line: String, _ location: SourceLocation = #_sourceLocation) throws {
    let next = try self.line(location)
    #expect(next == line, sourceLocation: location)
  }

  /// Expects lines in any order; `lines` are sorted.
  package func expect(lines: [String], _ location: SourceLocation = #_sourceLocation) throws {
    let next = try self.lines(lines.count, location)
    #expect(next == lines, sourceLocation: location)
  }

  package func expect(errorLine: String, _ location: SourceLocation = #_sourceLocation) throws {
    let next = try self.errorLine(location)
    #expect(next == errorLine, sourceLocation: location)
  }

  package func expect(ending: Ending, _ location: SourceLocation = #_sourceLocation) throws {
    let actual = try self.ending(location)
    #expect(actual == ending, sourceLocation: location)
  }

  /// Waits until a condition is true.
  package func wait(
    until what: String, within limit: Double = limit,
    _ location: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool
  ) throws {
    _ = try wait(for: what, within: limit, location) { try condition() ? true : nil }
  }

  /// Waits until the command terminates, and gives its ending.
  package func ending(
    within limit: Double = limit, _ location: SourceLocation = #_sourceLocation
  ) throws -> Ending {
    try wait(for: "the command to terminate", within: limit, location) { reported.ending }
  }

  /// The ending of the command; nil if it runs longer than this.
  package func ending(ifWithin seconds: Double) -> Ending? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while reported.ending == nil, ContinuousClock.now < deadline { readAvailable(within: 2) }
    return reported.ending
  }

  /// The ending of the command, and the output that no other call has taken. Remaining processes are
  /// killed.
  package func outcome(
    within limit: Double = limit, _ location: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let ending = try ending(within: limit, location)
    cleanUp()
    try wait(until: "end-of-file on the output", location) { output.isAtEnd && errors.isAtEnd }
    let messages = errors.takeRest().withoutWatch
    return Outcome(ending: ending, output: output.takeRest(), errors: messages)
  }

  /// The signals that the nest received, which is in swinit's process group.
  package func straySignals() -> [Int32] {
    readAvailable()
    return reported.straySignals
  }

  /// The number of orphans that the nest, swinit's parent, adopted and reaped.
  package func strayProcesses() -> Int {
    readAvailable()
    return reported.adopted
  }

  private func cleanUp() {
    if let control { close(control) }
    control = nil
  }

  /// Waits until `poll` gives a value.
  package func wait<Value>(
    for what: String, within limit: Double = limit,
    _ location: SourceLocation = #_sourceLocation, _ poll: () throws -> Value?
  ) throws -> Value {
    let deadline = ContinuousClock.now + .seconds(limit)
    while true {
      if let value = try poll() { return value }
      if ContinuousClock.now > deadline {
        let left = "output: \(output.takeRest()), errors: \(errors.takeRest())"
        let comment: Comment = "timed out waiting for \(what); \(left)"
        Issue.record(comment, sourceLocation: location)
        throw TimedOut()
      }
      readAvailable(within: 2)
    }
  }

  private func readAvailable(within milliseconds: Int32 = 0) {
    Stream.read([output, errors, report], within: milliseconds)
    while let line = report.nextLine() { reported.add(line) }
  }
}

package struct TimedOut: Error {}

// MARK: - The nest's report

extension Run {
  private struct Report {
    var ending: Ending?
    var adopted = 0
    var straySignals: [Int32] = []

    mutating func add(_ line: String) {
      let words = line.split(separator: " ")
      guard let number = words.dropFirst().first.flatMap({ Int32($0) }) else { return }
      switch words[0] {
      case "exited": ending = .exited(number)
      case "killed": ending = .killed(by: number)
      case "adopted": adopted += 1
      case "signalled": straySignals.append(number)
      default: break
      }
    }
  }
}
