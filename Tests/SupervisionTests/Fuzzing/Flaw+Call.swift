@testable import Supervision

// A command line and an environment: the first byte is the number of arguments, and zeros separate
// the arguments and variables.

extension Flaw {
  static func inCall(_ input: [UInt8]) throws(Flaw) {
    let arena = Arena()
    let words = input.dropFirst().parts
    let count = min(Int(input.first ?? 0), words.count)
    let arguments = [Array("swinit".utf8)] + words.prefix(count)
    let variables = Array(words.dropFirst(count))
    let invocation = Invocation(
      arguments: arena.strings(arguments), environment: Environment(arena.strings(variables)))
    switch invocation.purpose {
    case .run(let command): try inOptions(invocation.options, command, arguments, variables)
    case .refuse(let error): try inRefusal(error, arguments + variables)
    case .print, .listProcesses: break
    }
  }

  /// Options that were parsed are written out and parsed again, with the same result.
  private static func inOptions(
    _ options: Options, _ command: Int?, _ arguments: [[UInt8]], _ variables: [[UInt8]]
  ) throws(Flaw) {
    try unless(command != nil || options.pauses, "nothing is to be run")
    if let command {
      try unless(command > 0 && command < arguments.count, "COMMAND isn't an argument")
    }
    let arena = Arena()
    let words = ["swinit"].map { Array($0.utf8) } + options.words
    let again = Invocation(
      arguments: arena.strings(command == nil ? words : words + [Array("--".utf8), [0x61]]),
      environment: Environment(arena.strings([])))
    guard case .run = again.purpose else { throw Flaw("\(words) is \(again.purpose)") }
    try unlessSame(again.options.summary, options.summary, "what was written out")
  }

  /// The message names on one line what is refused.
  private static func inRefusal(_ error: UsageError, _ words: [[UInt8]]) throws(Flaw) {
    let message = unsafe error.message(.text).line.withBytes { unsafe Array($0) }
    try inLine(message)
    guard let bytes = error.refused?.bytes else { return }
    let isFromInput = bytes.isEmpty || words.contains { $0.contains(bytes) }
    try unless(isFromInput, "\(bytes) is not from the input")
    let start = "'" + (error.isLetter ? "-" : "") + bytes.inWords
    let text = String(decoding: message, as: UTF8.self)
    // A long value ends in an ellipsis; see Line.append(foreign:).
    let isCut = start.utf8.count > 768 && text.contains(start.prefix(190)) && text.contains("...'")
    let isNamed = text.contains(start + "'") || isCut
    try unless(isNamed, "\(text) doesn't name \(start)")
  }
}

extension [UInt8] {
  /// Whether the array contains these bytes in sequence.
  fileprivate func contains(_ bytes: [UInt8]) -> Bool {
    count >= bytes.count
      && (0...count - bytes.count).contains { self[$0..<$0 + bytes.count].elementsEqual(bytes) }
  }
}

extension UsageError {
  /// The text of the user that the error is about.
  fileprivate var refused: Text? {
    switch self {
    case .unknownOption(let text), .unexpectedValue(let text, _), .invalidValue(let text, _, _, _),
      .unexpectedCommand(let text, _), .missingValue(let text, _), .equalsSign(_, let text, _):
      text
    case .optionWithPause(let name): name
    case .noCommand: nil
    }
  }

  /// Whether the error is an option's letter, which a dash precedes.
  fileprivate var isLetter: Bool {
    switch self {
    case .unknownOption(let text), .missingValue(let text, _), .equalsSign(_, let text, _):
      text.count == 1
    default: false
    }
  }
}

extension Options {
  /// The command line that gives these options.
  fileprivate var words: [[UInt8]] {
    var words: [String] = []
    if singleChild { words.append("--single-child") }
    if let killAfter { words.append("--kill-after=\(killAfter.words)") }
    let signals = (1...64).filter { stopSignals.contains(Signal(rawValue: $0)) }
    words.append("--stop-signal=" + signals.map(String.init).joined(separator: ","))
    if stopDelay > 0 { words.append("--stop-delay=\(stopDelay)ms") }
    if waits { words.append("--wait") }
    if let parentDeathSignal {
      words.append("--parent-death-signal=\(parentDeathSignal.rawValue)")
    }
    for from in UInt8.min...UInt8.max {
      let to = exitStatuses[ExitStatus(rawValue: from)].rawValue
      if to != from { words.append("--exit-code=\(from):\(to)") }
    }
    for from in 1...Signal.last.rawValue {
      let to = rewrites[Signal(rawValue: from)]?.rawValue ?? 0
      if to != from { words.append("--rewrite=\(from):\(to)") }
    }
    if warnsOfReaped { words.append("--warn-reaped") }
    words += Array(repeating: "--verbose", count: verbosity)
    if logsObjects { words.append("--log-format=json") }
    words.append("--zombie-check=\(zombieCheck.words)")
    if pauses { words.append("--pause") }
    let path = terminationLog.map { [Array("--termination-log=".utf8) + $0.bytes] } ?? []
    return words.map { Array($0.utf8) } + path
  }
}

extension Duration {
  /// A text that is read as this duration.
  var words: String {
    guard case .milliseconds(var rest) = self else { return "infinity" }
    let units: [(String, Int64)] = [
      ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
    ]
    let words = units.map { name, unit in
      defer { rest %= unit }
      return "\(rest / unit)\(name)"
    }
    return words.joined() + "\(rest)ms"
  }
}
