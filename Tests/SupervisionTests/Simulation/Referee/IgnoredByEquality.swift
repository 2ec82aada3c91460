/// What a state remembers for the tests, and what doesn't tell it from other states.
@propertyWrapper
struct IgnoredByEquality<Value>: Hashable {
  var wrappedValue: Value

  static func == (one: IgnoredByEquality, other: IgnoredByEquality) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}
