/// A message while it is put together: a sentence for people, or a JSON object (RFC 8259) with the
/// same facts, on one line.
///
/// A sentence is made of words and of values; an object takes the values with their names, and
/// leaves the words out.
public struct Message: ~Copyable {
  /// What has been put together.
  public internal(set) var line = Line()
  let isObject: Bool

  /// What a sentence begins with.
  public static var prefix: Text { "swinit: " }

  /// How a message is written.
  public enum Format: Sendable {
    /// Sentences.
    case text
    /// JSON objects; the moment is that of the message, in milliseconds since 1970 began.
    case json(milliseconds: Int64)
  }

  /// An empty message about an event; `level` is the first letter of `error`, `warning` or `info`.
  init(_ format: Format, _ level: UInt8, _ event: Text) {
    switch format {
    case .text:
      isObject = false
      line.append(Message.prefix)
    case .json(let milliseconds):
      isObject = true
      line.append("{\"time\":\"")
      line.append(time: milliseconds)
      line.append("\",\"level\":\"")
      switch level {
      case .ascii("e"): line.append("error")
      case .ascii("w"): line.append("warning")
      default: line.append("info")
      }
      line.append("\",\"event\":\"")
      line.append(event)
      line.append("\"")
    }
  }

  /// Adds words, which an object leaves out.
  @inline(never)
  mutating func say(_ words: Text) {
    if !isObject { line.append(words) }
  }

  /// Adds a number.
  mutating func add(_ name: Text, _ value: Int) { add(name, Int64(value)) }

  /// The same.
  @inline(never)
  mutating func add(_ name: Text, _ value: Int64) {
    begin(name)
    line.append(value)
  }

  /// Adds words of the program itself, which somebody else's can't leave without room.
  mutating func add(_ name: Text, words: Text) { addString(name) { $0.append(words) } }

  /// That something is so, which a sentence has said in words.
  mutating func addTruth(_ name: Text) {
    begin(name)
    if isObject { line.append("true") }
  }

  /// Adds whatever `body` writes, which must be fit for a JSON string.
  mutating func addString(_ name: Text, _ body: (inout Line) -> Void) {
    begin(name)
    if isObject { line.append("\"") }
    body(&line)
    if isObject { line.append("\"") }
  }

  /// Adds somebody else's bytes; a sentence has them between apostrophes.
  @inline(never)
  mutating func add(_ name: Text, quoted text: Text) {
    say("'")
    add(name, text)
    say("'")
  }

  /// Adds somebody else's bytes.
  @inline(never)
  mutating func add(_ name: Text, _ text: Text) {
    let isObject = isObject
    addString(name) { $0.append(foreign: text, inJSON: isObject) }
  }

  /// Adds the name of a signal.
  mutating func add(_ name: Text, _ signal: Signal) {
    addString(name) { $0.append(signal) }
  }

  /// Ends the message.
  @inline(never)
  mutating func end() {
    if isObject { line.append("}") }
    line.end()
  }

  @inline(never)
  private mutating func begin(_ name: Text) {
    guard isObject else { return }
    line.append(",\"")
    line.append(name)
    line.append("\":")
  }
}
