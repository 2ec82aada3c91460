/// A string literal in a message. Unlike a `Text`, which may come from outside, it needs no escaping.
///
/// It holds no length, since a NUL follows the characters: that makes the binary 430 bytes smaller.
@safe
struct Literal: ExpressibleByStringLiteral {
  private let start: UnsafePointer<CChar>

  @inline(__always)
  init(stringLiteral literal: StaticString) {
    unsafe start = UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// The characters.
  var text: Text { unsafe Text(cString: start) }
}
