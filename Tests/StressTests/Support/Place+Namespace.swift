import TestSupport

extension Place {
  /// The wrapper that runs a command at this place, in a PID namespace either way: it contains only
  /// processes of the test, and process IDs can be reused.
  var namespaced: [String] {
    switch self {
    case .processOne: wrapper
    case .plain: Place.processOne.wrapper + ["sh", "-c", "\"$@\"; exit $?", "sh"]
    }
  }
}
