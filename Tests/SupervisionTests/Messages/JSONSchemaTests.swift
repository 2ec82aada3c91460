import Foundation
import Testing

@testable import Supervision

/// The schema is checked by a validator from PyPI: check-jsonschema, in PATH or in the folder
/// `.build-python` of this one.
@Suite("The JSON schema of the messages")
struct JSONSchemaTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardized

  private static let validator: String? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders =
      [root.appending(path: ".build-python/bin").path] + path.components(separatedBy: ":")
    return folders.map { $0 + "/check-jsonschema" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// In CI a missing validator is a failure, not a reason to skip.
  private static let isNeeded =
    validator != nil || ProcessInfo.processInfo.environment["CI"] == "true"

  private static let schema = root.appending(path: "Tests/Support/Message.schema.json")

  /// Each report, with all that may be known and without.
  private var reports: [Report] {
    let process = ProcessID(rawValue: 12)
    let (name, noName) = (ProcessName("worker"), ProcessName())
    let error = SystemError.notPermitted
    var summary = Summary()
    summary.process = process
    summary.status = .exited(3)
    var whole = summary
    whole.status = .killed(by: .kill, coreDumped: true)
    whole.isOutOfMemory = true
    let leaks: [(ProcessLeak.Kind, Int32)] = [
      (.zombies, 5), (.children, 5), (.threads, 5), (.zombies, 0),
    ]
    let limits = leaks.map { kind, count in
      Report.processLimitReached(
        ProcessLimit(limit: 8, count: 8, leak: ProcessLeak(kind, count, process), name: name))
    }
    return limits + [
      .cannotAwaitChildren(error), .cannotAwaitChildren(SystemError(rawValue: 4000)),
      .cannotAdoptOrphans(error), .cannotAwaitParent(error), .cannotOpenLog("/log", error),
      .cannotWriteLog("/log", error), .cannotStart(error), .cannotSupervise(error), .pausing,
      .cannotListProcesses(error), .cannotListProcesses(nil), .cannotPrint(error),
      .misspelledVariable("SWINIT_KILL_AFTR"),
      .cannotRun(ExecutionFailure(.noSuchFile, .command)),
      .cannotRun(ExecutionFailure(.noSuchFile, .commandInPath("/bin"))),
      .cannotRun(ExecutionFailure(.noSuchFile, .interpreter("/bin/sh\r"))),
      .cannotRun(ExecutionFailure(.accessDenied, .command, .directory)), .started(process),
      .forwarded(.hangup, from: .process(process), as: .quit, to: .group(process)),
      .forwarded(Signal(rawValue: 33), from: .unknown, as: .quit, to: .process(process)),
      .dropped(.hangup, from: .process(process)), .dropped(.hangup, from: .kernel),
      .delayed(.terminate, from: .process(process), milliseconds: 500),
      .cannotSend(.hangup, to: .process(process), error),
      .cannotSend(.hangup, to: .group(process), error),
      .commandTerminated(process, .exited(255)), .commandTerminated(process, whole.status),
      .signalledRemainingGroup(.terminate, group: process),
      .askedDescendantsToTerminate(.interrupt),
      .survived(process),
      .gracePeriodExpired(milliseconds: 500, count: 0),
      .gracePeriodExpired(milliseconds: 500, count: 10), .cannotFindDescendants,
      .reapedOrphan(process, name, .exited(0)), .reapedOrphan(process, noName, whole.status),
      .reaped(process, .exited(0)), .reaped(process, whole.status),
      .killed(process, name, unidentifiedKills: 1), .killed(process, noName, unidentifiedKills: 0),
      .outOfMemory(process, name, .observed, limit: 1, peak: 1),
      .outOfMemory(process, noName, .inferred, limit: nil, peak: nil),
      .outOfMemoryUnidentified(1, .reaped, limit: 1, peak: 1),
      .outOfMemoryUnidentified(2, .notFound, limit: nil, peak: 1),
      .outOfMemoryUnidentified(3, .killedWithGroup, limit: 1, peak: nil),
      .watching(memory: true, processes: true), .watching(memory: true, processes: false),
      .zombies(1, parent: process, name), .zombies(2, parent: process, noName),
      .messagesDropped(1), .statusLost, .summary(summary), .summary(whole),
    ]
  }

  private var usageErrors: [UsageError] {
    ["--nonsense", "-k", "-c=1", "-k=1", "-k x", "-r TERM:FOO", "", "-P sleep"].compactMap {
      if case .refuse(let error) = call($0).purpose { error } else { nil }
    }
  }

  /// What the validator says of these lines, each a file of its own: its exit status and its output.
  private func validate(_ lines: [String]) throws -> (status: Int32, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try lines.enumerated().map { index, line in
      let file = folder.appending(path: "\(index).json")
      try line.write(to: file, atomically: false, encoding: .utf8)
      return file.path
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.validator))
    process.arguments = ["--schemafile", Self.schema.path] + files
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  private func event(_ line: String) throws -> String? {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return object?["event"] as? String
  }

  private var lines: [String] {
    var killed = Summary.KilledProcesses()
    for number in 20..<30 as Range<Int32> {
      killed.append(ProcessID(rawValue: number), ProcessName(number == 20 ? "" : "worker"))
    }
    var protected = Summary.KilledProcesses()
    protected.survivor.mayBeSignalled = false
    killed.survivor.name = ProcessName("worker")
    killed.survivor.waitChannel = "io_schedule"
    return reports.map { $0.object(command: "sleep") }
      + [Report.survived(.invalid).object(command: "sleep", killed: protected)]
      + reports.map { $0.object(command: "sleep", killed: killed) }
      + usageErrors.map { $0.message(.json(milliseconds: Rehearsal.moment)).line.string }
  }

  @Test(
    "Every message satisfies the schema, by a validator that is not ours",
    .enabled(if: isNeeded, "needs check-jsonschema of PyPI"))
  func messages() throws {
    #expect(usageErrors.count == 8)
    let result = try validate(lines)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test(
    "The schema refuses a null, an unknown field, a field of another event and a missing one",
    .enabled(if: isNeeded, "needs check-jsonschema of PyPI"),
    arguments: [
      (#""pid":12"#, #""pid":null"#), (#""pid":12"#, #""pid":12,"status":0"#),
      (#""pid":12"#, #""pid":12,"errno":1"#), (#","pid":12"#, ""),
      (#""level":"info""#, #""level":"error""#), (#""event":"started""#, #""event":"nonsense""#),
    ])
  func refusals(part: String, replacement: String) throws {
    let line = Report.started(ProcessID(rawValue: 12)).object(command: "sleep")
    let changed = line.replacing(part, with: replacement)
    #expect(changed != line)
    #expect(try validate([changed]).status == 1)
  }

  @Test(
    "The schema and the tables of LOGGING.md have the same events and fields, and each of them is validated"
  )
  func events() throws {
    let schema = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: Self.schema)) as? [String: Any])
    let variants = try #require(schema["oneOf"] as? [[String: Any]])
    let events = try variants.map { variant in
      let properties = try #require(variant["properties"] as? [String: [String: String]])
      return try #require(properties["event"]?["const"])
    }
    #expect(try Set(lines.map { try event($0) }) == Set(events))
    let page = try String(
      contentsOf: Self.root.appending(path: ".github/LOGGING.md"), encoding: .utf8
    ).components(separatedBy: "\n")
    let rows = page.drop { !$0.hasPrefix("| event | level |") }.dropFirst(2)
      .prefix { $0.hasPrefix("|") }
    let listed = rows.flatMap { row in
      row.split(separator: "|")[0].matches(of: /`([a-z_]+)`/).map { String($0.1) }
    }
    #expect(listed.sorted() == events.sorted())
    let fields = try #require(schema["properties"] as? [String: Any]).keys.sorted()
    let explained = page.drop { $0 != "| field | meaning |" }.dropFirst(2)
      .prefix { $0.hasPrefix("|") }
      .flatMap { row in
        row.split(separator: "|")[0].matches(of: /`([a-z_]+)`/).map { String($0.1) }
      }
    #expect(explained.sorted() == fields)
  }
}
