/// A message: a sentence, or a JSON object (RFC 8259) with the same facts, on one line.
///
/// A sentence consists of words and facts. An object has the facts as fields, without the words.
public struct Message: ~Copyable {
  /// What is written so far.
  public internal(set) var line = Line()
  /// How it is written.
  public let format: Format

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

  /// Whether it is an object.
  var isObject: Bool {
    if case .json = format { return true }
    return false
  }

  /// Writes the beginning. Only objects have the event's level and name.
  @inline(never)
  mutating func begin(_ level: Level, _ event: Literal) {
    guard case .json(let milliseconds) = format else { return line.append(Message.prefix) }
    line.append("{\"time\":\"")
    line.append(time: milliseconds)
    line.append("\",\"level\":\"")
    line.append(level.name)
    line.append("\",\"event\":\"")
    line.append(event.text)
    line.append("\"")
  }

  /// Adds words, which an object leaves out.
  @inline(never)
  mutating func add(_ words: Literal) {
    if !isObject { line.append(words.text) }
  }

  /// Adds words to a sentence, or the name of a field to an object. The field's value must follow.
  @inline(never)
  mutating func add(_ words: Literal, orName field: Literal) {
    guard isObject else { return line.append(words.text) }
    line.append(",\"")
    line.append(field.text)
    line.append("\":")
  }

  /// Adds the quotation mark at either end of a string in an object.
  mutating func addQuote() {
    if isObject { line.append("\"") }
  }

  /// Ends the message.
  @inline(never)
  mutating func end() {
    if isObject { line.append("}") }
    line.end()
  }
}
