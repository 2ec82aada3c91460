/// A literal for tables of constants. It takes one word: its length is computed when it is read.
@safe
struct CStringLiteral: ExpressibleByStringLiteral, Sendable {
  #if _pointerBitWidth(_64)
    private let string: CString

    // Inlined, so that the table is a constant.
    @inline(__always)
    init(stringLiteral literal: StaticString) { string = CString(stringLiteral: literal) }

    /// The bytes before the NUL.
    var text: Text { string.text }
  #else
    // From the address alone, the compiler would not make a constant, but set the table up at run
    // time.
    private let literal: StaticString

    @inline(__always)
    init(stringLiteral literal: StaticString) { self.literal = literal }

    /// The bytes. `utf8Start` could trap: it checks that the literal isn't a single scalar.
    var text: Text {
      typealias Parts = (start: UnsafePointer<UInt8>, count: Int, flags: UInt8)
      let parts = unsafe unsafeBitCast(literal, to: Parts.self)
      return unsafe Text(parts.start, count: parts.count)
    }
  #endif
}
