package import Foundation
import Glibc
package import Testing

/// Where programs are looked for, by the tests and by what they run.
package let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/// A command that runs in a nest of the probe's. Nothing that it started outlives this object.
///
/// A wait is for something to happen, never for time to pass. Its limit is there to end a test that
/// fails: it is far longer than a slow machine takes.
package final class Run {
  package static let limit = 120.0

  /// The process above all that runs here.
  package let nest: pid_t
  /// The init whose process is asked for.
  let program: String
  private var control: Int32?
  private let output: Stream
  private let errors: Stream
  private let report: Stream
  private var reported = Report()
  /// What goes away no sooner than the last process.
  package var keeps: [AnyObject] = []

  /// A command in which `program`, the path of an init, may run.
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

  /// The init that is at a path, with these arguments, started through `launcher`.
  package convenience init(
    of program: String, _ arguments: [String], at place: Place, launcher: [String] = [],
    environment: [String] = ["PATH=\(searchPath)"], errors: ErrorSink = .captured
  ) throws {
    try self.init(
      place.wrapper + launcher + [program] + arguments, of: program, environment: environment,
      errors: errors)
  }

  /// swinit with these arguments, started through `launcher`.
  package static func swinit(
    _ arguments: String..., at place: Place, launcher: [String] = [],
    environment: [String] = ["PATH=\(searchPath)"], errors: ErrorSink = .captured
  ) throws -> Run {
    try Run(
      of: Swinit.path, arguments, at: place, launcher: launcher, environment: environment,
      errors: errors)
  }

  /// A shell script whose `"$@"` runs swinit at the place, to try it many times over.
  package static func script(_ script: String, at place: Place) throws -> Run {
    try Run(["sh", "-c", script, "sh"] + place.wrapper + [Swinit.path])
  }

  deinit {
    for stream in [output, errors, report] { stream.close() }
    cleanUp()
    while waitpid(nest, nil, 0) < 0 && errno == EINTR {}
  }
}

// MARK: - What is waited for

extension Run {
  /// The next line of standard output.
  package func line(
    within limit: Double = limit, _ location: SourceLocation = #_sourceLocation
  ) throws -> String {
    try wait(for: "a line of output", within: limit, location) { output.nextLine() }
  }

  /// The next line of standard output; nil if the command has ended without another.
  package func lineUnlessEnded(_ location: SourceLocation = #_sourceLocation) throws -> String? {
    var line: String?
    try wait(until: "a line of output or the end", location) {
      let hasEnded = hasEnded
      // What was written before the end can be read now.
      if hasEnded { readWhatIsThere() }
      line = output.nextLine()
      return line != nil || hasEnded
    }
    return line
  }

  /// Whether the command has ended.
  package var hasEnded: Bool {
    readWhatIsThere()
    return reported.ending != nil
  }

  /// Whether a condition comes to hold: see `comes(below:within:_:)`.
  package func comes(
    within limit: Double = 30, _ condition: () throws -> Bool
  ) rethrows -> Bool {
    try TestSupport.comes(below: nest, within: limit, condition)
  }

  /// Another line of standard output, if there is one.
  package func takeLine() -> String? {
    readWhatIsThere()
    return output.nextLine()
  }

  /// The next `count` lines of standard output, sorted: for processes that write side by side.
  package func lines(
    _ count: Int, _ location: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    try (0..<count).map { _ in try line(location) }.sorted()
  }

  /// The next line of standard error.
  package func errorLine(_ location: SourceLocation = #_sourceLocation) throws -> String {
    try wait(for: "a line of errors", location) { errors.nextLine() }
  }

  package func expect(line: String, _ location: SourceLocation = #_sourceLocation) throws {
    let next = try self.line(location)
    #expect(next == line, sourceLocation: location)
  }

  /// Expects lines in any order; these are sorted.
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

  /// Waits until a condition holds.
  package func wait(
    until what: String, within limit: Double = limit,
    _ location: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool
  ) throws {
    _ = try wait(for: what, within: limit, location) { try condition() ? true : nil }
  }

  /// How the command ended.
  package func ending(
    within limit: Double = limit, _ location: SourceLocation = #_sourceLocation
  ) throws -> Ending {
    try wait(for: "the end", within: limit, location) { reported.ending }
  }

  /// How the command ended, if it does within so many seconds.
  package func ending(ifWithin seconds: Double) -> Ending? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while reported.ending == nil, Date() < deadline { readWhatIsThere(within: 2) }
    return reported.ending
  }

  /// How the command ended, and what was written that no other call gave. What it left is killed.
  package func outcome(
    within limit: Double = limit, _ location: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let ending = try ending(within: limit, location)
    cleanUp()
    try wait(until: "the end of the output", location) { output.isAtEnd && errors.isAtEnd }
    return Outcome(ending: ending, output: output.takeRest(), errors: errors.takeRest())
  }

  /// The signals that came to the nest, which is swinit's neighbour in its process group.
  package func straySignals() -> [Int32] {
    readWhatIsThere()
    return reported.straySignals
  }

  /// How many orphans came to the nest, which is above swinit, and ended.
  package func strayProcesses() -> Int {
    readWhatIsThere()
    return reported.adopted
  }

  private func cleanUp() {
    if let control { close(control) }
    control = nil
  }

  /// Waits until there is a value.
  package func wait<Value>(
    for what: String, within limit: Double = limit,
    _ location: SourceLocation = #_sourceLocation, _ poll: () throws -> Value?
  ) throws -> Value {
    let deadline = Date(timeIntervalSinceNow: limit)
    while true {
      if let value = try poll() { return value }
      if Date() > deadline {
        let left = "output: \(output.takeRest()), errors: \(errors.takeRest())"
        let comment: Comment = "waited in vain for \(what); \(left)"
        Issue.record(comment, sourceLocation: location)
        throw WaitedInVain()
      }
      readWhatIsThere(within: 2)
    }
  }

  private func readWhatIsThere(within milliseconds: Int32 = 0) {
    Stream.read([output, errors, report], within: milliseconds)
    while let line = report.nextLine() { reported.add(line) }
  }
}

package struct WaitedInVain: Error {}

// MARK: - The words of the nest

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
