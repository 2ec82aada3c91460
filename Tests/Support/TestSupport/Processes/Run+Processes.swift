package import Glibc
package import Testing

/// The processes of a run.
extension Run {
  /// The init's own process, as seen from outside.
  package func supervisor(_ location: SourceLocation = #_sourceLocation) throws -> pid_t {
    try wait(for: "\(program) to run", location) { supervisorIfThere }
  }

  /// The same; nil if it doesn't run, or not yet.
  package var supervisorIfThere: pid_t? {
    ProcessTable().first(below: nest) { readLink("/proc/\($0)/exe") == program }
  }

  /// The same, where the init is swinit.
  package func swinit(_ location: SourceLocation = #_sourceLocation) throws -> pid_t {
    try supervisor(location)
  }

  /// COMMAND's process, once it is COMMAND.
  package func command(_ location: SourceLocation = #_sourceLocation) throws -> pid_t {
    let supervisor = try supervisor(location)
    return try wait(for: "COMMAND to run", location) {
      ProcessTable().children(of: supervisor).map(\.id).first {
        readLink("/proc/\($0)/exe") != program
      }
    }
  }

  /// Sends a signal to the init, from outside of its namespace if it has one.
  package func signal(_ signal: Int32, _ location: SourceLocation = #_sourceLocation) throws {
    try check(kill(supervisor(location), signal))
  }
}
