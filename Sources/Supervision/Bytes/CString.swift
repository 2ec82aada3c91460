/// A string that ends with a NUL, such as the path of a file, as system calls take it. It must live as
/// long as it is used.
@safe
public struct CString: ExpressibleByStringLiteral, Sendable {
  /// Where it begins. Nobody writes the bytes.
  public nonisolated(unsafe) let pointer: UnsafePointer<CChar>

  /// The string that begins here.
  public init(_ pointer: UnsafePointer<CChar>) { unsafe self.pointer = pointer }

  /// The words of the program itself.
  @inline(__always)
  public init(stringLiteral literal: StaticString) {
    unsafe pointer = UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// The bytes before the NUL.
  public var text: Text { unsafe Text(cString: pointer) }
}
