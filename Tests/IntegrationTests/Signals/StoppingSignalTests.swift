import Glibc
import TestSupport
import Testing

@Suite("Signals that stop a process", .mostlyWaits) struct StoppingSignalTests {
  /// PID 1 forwards these signals and does not stop itself.
  @Test(
    "A SIGCONT sent to PID 1 continues the command that SIGTSTP, SIGTTIN or SIGTTOU stopped",
    .needs(.namespaces), arguments: [SIGTSTP, SIGTTIN, SIGTTOU])
  func asPID1(after signal: Int32) throws {
    // swinit is in the same session, so the group is not orphaned and the kernel lets it stop.
    let run = try Run.swinit("sh", "-c", Self.script, at: .processOne)
    let command = try stopAndContinue(run, signal)
    try run.signal(signal)
    try run.wait(until: "the command stops") { state(of: command) == "T" }
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGTERM))
  }

  @Test(
    "Without a terminal, a signal that stops the command leaves swinit running",
    arguments: [SIGTSTP, SIGTTIN, SIGTTOU])
  func asPlainProcess(after signal: Int32) throws {
    let run = try Run.swinit("sh", "-c", Self.script, at: .plain, launcher: [probe, "in-a-job"])
    _ = try stopAndContinue(run, signal)
  }

  private static let script =
    "trap 'echo again' USR1; echo ready; while :; do sleep 1000 & wait; done"

  /// Sends the signal and SIGCONT to swinit three times; gives the command.
  private func stopAndContinue(_ run: Run, _ signal: Int32) throws -> pid_t {
    try run.expect(line: "ready")
    let (swinit, command) = (try run.swinit(), try run.command())
    for _ in 1...3 {
      try run.signal(signal)
      try run.wait(until: "the command stops") { state(of: command) == "T" }
      #expect(state(of: swinit) != "T")
      try run.signal(SIGCONT)
      try run.wait(until: "the command continues") { state(of: command) != "T" }
      try run.signal(SIGUSR1)
      try run.expect(line: "again")
    }
    return command
  }
}
