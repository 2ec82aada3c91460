import Foundation

@testable import Supervision

// Messages about names of any bytes: zeros separate numbers, the command, a path and a name.

extension Flaw {
  static func inMessage(_ input: [UInt8]) throws(Flaw) {
    let arena = Arena()
    let parts = input.parts + [[], [], [], []]
    var numbers = Numbers(bytes: parts[0])
    let choice: UInt8 = numbers.next()
    let (command, path) = (arena.text(parts[1]), arena.text(parts[2]))
    let name = ProcessName(arena.text(parts[3]))
    var summary = Summary()
    summary.fill(&numbers)
    var killed = Summary.KilledProcesses()
    for _ in 0..<(numbers.next() as UInt8) % 12 { killed.append(summary.process, name) }
    let failure = ExecutionFailure.any(&numbers, path)
    let format = Message.Format.json(milliseconds: numbers.next())
    let reports = Report.all(&numbers, path, name, summary, failure)
    let report = reports[Int(choice) % reports.count]
    let words = report.message(.text, command: command, killed: killed)
    try inLine(unsafe words.line.withBytes { unsafe Array($0) })
    let object = report.message(format, command: command, killed: killed)
    let line = unsafe object.line.withBytes { unsafe Array($0) }
    try inLine(line)
    let sentence = unsafe words.line.withBytes { unsafe Array($0) }
    try inObject(line, sentence, command: parts[1], path: parts[2], name: parts[3])
  }

  /// A message is one line of whole characters, and none of them controls a terminal.
  static func inLine(_ line: [UInt8]) throws(Flaw) {
    try unless(line.count <= Line.capacity, "it has \(line.count) bytes")
    guard line.last == 0x0a, let text = String(validating: line.dropLast(), as: UTF8.self) else {
      throw Flaw("\(line) isn't a line of UTF-8")
    }
    let controls = text.unicodeScalars.filter {
      $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) || $0.properties.isBidiControl
    }
    try unless(controls.isEmpty, "\(text) has control characters")
  }

  /// A JSON message is a valid object with the given values, or as much of them as fits.
  private static func inObject(
    _ line: [UInt8], _ sentence: [UInt8], command: [UInt8], path: [UInt8], name: [UInt8]
  ) throws(Flaw) {
    let parsed = try? JSONSerialization.jsonObject(with: Data(line))
    guard let object = parsed as? [String: Any] else {
      throw Flaw("\(String(decoding: line, as: UTF8.self)) is no object")
    }
    let shortName = name.prefix { $0 != 0x0a }.prefix(15)
    let fields = [
      "command": command, "path": path, "interpreter": path, "search_path": path,
      "variable": path, "name": Array(shortName),
    ]
    for (field, bytes) in fields {
      guard let value = object[field] else { continue }
      guard let value = value as? String else { throw Flaw("\(field) is no string") }
      let expected = bytes.asValue
      let isWhole = value.unicodeScalars.elementsEqual(expected.unicodeScalars)
      let isCut =
        value.utf8.count > 100 && value.hasSuffix("...")
        && expected.unicodeScalars.starts(with: value.unicodeScalars.dropLast(3))
      try unless(isWhole || isCut, "\(field) is \(value) instead of \(expected)")
    }
    // A longer name is cut earlier in the sentence of an object, which also has it by itself.
    if sentence.count < 190 {
      let words = String(decoding: sentence.dropFirst(8).dropLast(), as: UTF8.self)
      try unlessSame(object["msg"] as? String, words, "the sentence in \(object)")
    }
    for field in ["time", "level", "logger", "msg", "event"] {
      try unless(object[field] is String, "there is no \(field)")
    }
  }
}

/// Numbers of any size made from bytes; zero after the last byte.
private struct Numbers {
  var bytes: [UInt8]

  /// The bytes are taken from the front because fuzzers prefer to append.
  mutating func next<Number: FixedWidthInteger>() -> Number {
    var value: UInt64 = 0
    for _ in 0..<Number.bitWidth / 8 {
      value = value << 8 | UInt64(bytes.isEmpty ? 0 : bytes.removeFirst())
    }
    return Number(truncatingIfNeeded: value)
  }
}

extension Summary {
  fileprivate mutating func fill(_ numbers: inout Numbers) {
    process = ProcessID(rawValue: numbers.next())
    status = WaitStatus(rawValue: Int32(numbers.next() as UInt16))
    isOutOfMemory = status.rawValue & 1 != 0
    milliseconds = numbers.next()
    usage = Usage(peak: numbers.next(), processorMilliseconds: numbers.next())
    orphans = numbers.next()
  }
}

extension ExecutionFailure {
  fileprivate static func any(_ numbers: inout Numbers, _ path: Text) -> ExecutionFailure {
    let reasons: [ExecutionFailure.Subject] = [
      .command, .commandInPath(path), .interpreter(path),
    ]
    let obstacles: [ExecutionFailure.Obstacle?] = [
      nil, .directory, .notRegular, .mountedNoexec, .notMarkedExecutable, .notForThisUser(.max),
      .unsearchableDirectory(user: 0),
      .foreign(Architecture(rawValue: numbers.next()), machine: "x86_64"),
    ]
    let error = SystemError(rawValue: Int32(numbers.next() as UInt8) - 1)
    let choice = Int(numbers.next() as UInt8)
    return ExecutionFailure(error, reasons[choice % 3], obstacles[choice / 3 % 8])
  }
}

extension Report {
  /// One report of each kind.
  fileprivate static func all(
    _ numbers: inout Numbers, _ path: Text, _ name: ProcessName, _ summary: Summary,
    _ failure: ExecutionFailure
  ) -> [Report] {
    let process = ProcessID(rawValue: numbers.next())
    let signal = Signal(rawValue: numbers.next())
    let senders: [ReceivedSignal.Sender] = [.kernel, .outside, .unknown, .process(process)]
    let received = Signal(rawValue: numbers.next())
    let sender = senders[Int(numbers.next() as UInt8) % 4]
    let error = SystemError(rawValue: Int32(truncatingIfNeeded: numbers.next() as Int8))
    let status = summary.status
    let limit: Int64? = numbers.next()
    let peak: Int64? = summary.isOutOfMemory ? nil : numbers.next()
    let number = Int32(truncatingIfNeeded: numbers.next() as Int64)
    return [
      .cannotAwaitChildren(error), .cannotAdoptOrphans(error), .cannotAwaitParent(error),
      .cannotOpenLog(path, error), .cannotWriteLog(path, error), .cannotStart(error),
      .cannotRun(failure), .cannotListProcesses(error), .cannotPrint(error), .started(process),
      .forwarded(received, from: sender, as: signal, to: .group(process)),
      .dropped(received, from: sender),
      .delayed(received, from: sender, milliseconds: numbers.next()),
      .cannotSend(signal, to: .process(process), error),
      .commandTerminated(process, status), .signalledRemainingGroup(signal, group: process),
      .askedDescendantsToTerminate(signal), .survived(process), .cannotFindDescendants, .pausing,
      .misspelledVariable(path),
      .gracePeriodExpired(milliseconds: numbers.next(), count: numbers.next()),
      .reapedOrphan(process, name, status), .reaped(process, status),
      .killed(process, name, unidentifiedKills: numbers.next()),
      .outOfMemory(process, name, .observed, limit: limit, peak: peak),
      .outOfMemory(process, name, .inferred, limit: limit, peak: peak),
      .outOfMemoryUnidentified(numbers.next(), .reaped, limit: limit, peak: peak),
      .processLimitReached(
        ProcessLimit(
          limit: number, count: number, leak: ProcessLeak(.zombies, number, process), name: name)),
      .zombies(numbers.next(), parent: process, name), .messagesDropped(numbers.next()),
      .statusLost, .cannotSupervise(error), .summary(summary), .exitReport(summary),
    ]
  }
}
