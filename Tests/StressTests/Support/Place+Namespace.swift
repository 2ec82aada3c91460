import TestSupport

extension Place {
  /// What makes the command that follows it run there, in a PID namespace either way: there is
  /// nobody in it but who is of the test, and numbers can be used again.
  var namespaced: [String] {
    switch self {
    case .processOne: wrapper
    case .plain: Place.processOne.wrapper + ["sh", "-c", "\"$@\"; exit $?", "sh"]
    }
  }
}
