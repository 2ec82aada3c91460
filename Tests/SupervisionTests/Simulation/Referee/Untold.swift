/// What a state remembers for the tests, and what doesn't tell it from other states.
@propertyWrapper
struct Untold<Value>: Hashable {
  var wrappedValue: Value

  static func == (one: Untold, other: Untold) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}
