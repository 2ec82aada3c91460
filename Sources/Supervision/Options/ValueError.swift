/// Why an option does not accept a value.
public enum ValueError: Error, Equatable {
  /// It is not of the option's kind.
  case malformed
  /// The duration is longer than any that can be counted.
  case tooLong
  /// There is no signal of this name.
  case unknownSignal(Text)
  /// swinit never forwards this signal.
  case unforwardable(Text)
}
