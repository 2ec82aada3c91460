import Synchronization

/// Something that is made when it is first asked for, and may fail.
final class Once<Value: Sendable>: Sendable {
  private let made = Mutex<Result<Value, any Error>?>(nil)

  /// What `make` came to the first time.
  func get(_ make: () throws -> Value) throws -> Value {
    try made.withLock { made in
      if let made { return try made.get() }
      let result = Result { try make() }
      made = result
      return try result.get()
    }
  }
}
