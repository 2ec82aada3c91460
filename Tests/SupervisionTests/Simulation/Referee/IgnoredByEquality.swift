/// A part of a state that the tests need, but that does not distinguish states.
@propertyWrapper
struct IgnoredByEquality<Value>: Hashable {
  var wrappedValue: Value

  static func == (one: IgnoredByEquality, other: IgnoredByEquality) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}
