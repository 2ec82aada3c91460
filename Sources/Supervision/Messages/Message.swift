/// A message on one line: a sentence, or a JSON object (RFC 8259) with the sentence and its facts.
///
/// What describes an event adds words and facts. It runs once for a sentence and twice for an object:
/// first for the sentence in it, then for the fields.
public struct Message: ~Copyable {
  /// What is written so far.
  public internal(set) var line = Line()
  /// How it is written.
  public let format: Format
  /// Whether the fields of an object are written now, not the sentence.
  private(set) var isFields = false

  /// The beginning of each sentence.
  public static var prefix: Text { "swinit: " }

  /// How a message is written.
  public enum Format: Sendable {
    /// Sentences.
    case text
    /// JSON objects, with the time of the message in milliseconds since 1970 began.
    case json(milliseconds: Int64)
  }

  /// How serious an event is.
  enum Level {
    case error, warning, info

    /// The name in an object.
    fileprivate var name: Text {
      switch self {
      case .error: "error"
      case .warning: "warning"
      case .info: "info"
      }
    }
  }

  /// An empty message.
  public init(_ format: Format) { self.format = format }

  /// Writes the whole message. `describe` begins it, and adds words and facts.
  mutating func compose(_ describe: (inout Message) -> Void) {
    describe(&self)
    if case .json = format {
      line.isInString = false
      isFields = true
      describe(&self)
      line.append("}")
    }
    line.end()
  }

  /// Writes the beginning. Only objects have the event's level and name.
  @inline(never)  // 6,368 bytes, with the two below
  mutating func begin(_ level: Level, _ event: Literal) {
    guard case .json(let milliseconds) = format else { return line.append(Message.prefix) }
    if isFields {
      line.append("\",\"event\":\"")
      line.append(event.text)
      return line.append("\"")
    }
    line.append("{\"time\":\"")
    line.append(time: milliseconds)
    line.append("\",\"level\":\"")
    line.append(level.name)
    line.append("\",\"logger\":\"swinit\",\"msg\":\"")
    line.isInString = true
  }

  /// Adds words to a sentence.
  @inline(never)
  mutating func add(_ words: Literal) {
    if !isFields { line.append(words.text) }
  }

  /// Adds words to a sentence, or the name of a field to an object. The field's value must follow.
  @inline(never)
  mutating func add(_ words: Literal, orName field: Literal) {
    guard isFields else { return line.append(words.text) }
    line.append(",\"")
    line.append(field.text)
    line.append("\":")
  }

  /// Adds the quotation mark at either end of a string in an object.
  mutating func addQuote() {
    if isFields { line.append("\"") }
  }
}
