/// A string literal in a message. Unlike a `Text`, which may come from outside, it needs no escaping.
///
/// It holds no length, since a NUL follows the characters: that makes the binary 430 bytes smaller.
struct Literal: ExpressibleByStringLiteral {
  private let string: CString

  init(stringLiteral literal: StaticString) { string = CString(stringLiteral: literal) }

  /// The characters.
  var text: Text { string.text }
}
