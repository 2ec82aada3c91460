import Supervision

// Texts from Swift's strings and back. The memory of a text must outlive it, so it is never freed.

/// A text with the bytes of a string.
func text(_ string: String) -> Text { text(bytes: Array(string.utf8)) }

/// A text with these bytes, in an exactly sized block of memory.
func text(bytes: [UInt8]) -> Text {
  let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
  _ = unsafe memory.initialize(from: bytes)
  guard let start = memory.baseAddress else { return "" }
  return unsafe Text(start, count: bytes.count)
}

extension Text {
  /// The bytes.
  var bytes: [UInt8] { (0..<count).map { self[$0] } }

  /// The bytes, read as UTF-8.
  var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension CStringArray {
  /// An array of arguments or variables.
  init(_ strings: [String]) {
    let array = UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: strings.count + 1)
    for (index, string) in strings.enumerated() {
      let memory = UnsafeMutableBufferPointer<CChar>.allocate(capacity: string.utf8.count + 1)
      _ = unsafe memory.initialize(from: string.utf8CString)
      unsafe array[index] = memory.baseAddress
    }
    unsafe array[strings.count] = nil
    guard let start = array.baseAddress else { preconditionFailure("it has a NULL at least") }
    unsafe self.init(start)
  }
}

extension ProcessName {
  /// A name with the bytes of a string.
  init(_ string: String) {
    self.init(text(string))
  }
}

/// The line that `write` composes.
func line(_ write: (inout Line) -> Void) -> String {
  var line = Line()
  write(&line)
  return line.string
}

extension Report {
  /// The text message of a swinit that runs `command`.
  func words(
    command: String, killed: Summary.KilledProcesses = Summary.KilledProcesses()
  ) -> String {
    message(.text, command: text(command), killed: killed).line.string
  }

  /// The message.
  func message(
    _ format: Message.Format, command: Text,
    killed: Summary.KilledProcesses = Summary.KilledProcesses()
  ) -> Message {
    var message = Message(format)
    write(to: &message, command: command, killed: killed)
    return message
  }
}

extension UsageError {
  /// The message.
  func message(_ format: Message.Format) -> Message {
    var message = Message(format)
    write(to: &message)
    return message
  }
}

extension Line {
  /// Calls `body` with the bytes.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    unsafe withText { text in
      unsafe body(UnsafeRawBufferPointer(start: text.pointer, count: text.count))
    }
  }

  /// The bytes, read as UTF-8.
  var string: String { unsafe withBytes { unsafe String(decoding: $0, as: UTF8.self) } }
}
