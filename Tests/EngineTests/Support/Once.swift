import Synchronization

/// A value that is created on first use; creation may fail.
final class Once<Value: Sendable>: Sendable {
  private let made = Mutex<Result<Value, any Error>?>(nil)

  /// The value or error of the first call of `make`.
  func get(_ make: () throws -> Value) throws -> Value {
    try made.withLock { made in
      if let made { return try made.get() }
      let result = Result { try make() }
      made = result
      return try result.get()
    }
  }
}
