/// A string that ends with a NUL, such as the path of a file, as system calls take it. It must live as
/// long as it is used.
@safe
public struct CString: ExpressibleByStringLiteral, Sendable {
  /// The first byte. The bytes are never written.
  public nonisolated(unsafe) let pointer: UnsafePointer<CChar>

  /// The string that begins here.
  public init(_ pointer: UnsafePointer<CChar>) { unsafe self.pointer = pointer }

  /// A literal.
  public init(stringLiteral literal: StaticString) {
    unsafe pointer = UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// The bytes before the NUL.
  public var text: Text { unsafe Text(cString: pointer) }
}
