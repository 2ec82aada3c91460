package import Glibc
package import Testing

// The processes of a run.
extension Run {
  /// The init's process ID on this machine.
  package func supervisor(_ location: SourceLocation = #_sourceLocation) throws -> pid_t {
    try wait(for: "\(program) to run", location) { supervisorIfRunning }
  }

  /// The same; nil if it does not run, or not yet.
  package var supervisorIfRunning: pid_t? {
    let isSupervisor = { (process: pid_t) in readLink("/proc/\(process)/exe") == self.program }
    // To look at all processes takes long where there are many.
    if let found, isSupervisor(found) { return found }
    found = ProcessTable().first(below: nest, where: isSupervisor)
    return found
  }

  /// The same, where the init is swinit.
  package func swinit(_ location: SourceLocation = #_sourceLocation) throws -> pid_t {
    try supervisor(location)
  }

  /// The command's process ID, once it has been executed.
  package func command(_ location: SourceLocation = #_sourceLocation) throws -> pid_t {
    let supervisor = try supervisor(location)
    return try wait(for: "COMMAND to run", location) {
      ProcessTable().children(of: supervisor).map(\.id).first {
        readLink("/proc/\($0)/exe") != program
      }
    }
  }

  /// Sends a signal to the init, from outside its PID namespace if it has one.
  package func signal(_ signal: Int32, _ location: SourceLocation = #_sourceLocation) throws {
    try check(kill(supervisor(location), signal))
  }
}
