import Glibc
import TestSupport
import Testing

@Suite struct StoppingSignalTests {
  /// As PID 1, swinit forwards the signals that stop a job and can't stop itself: CONT to swinit
  /// resumes COMMAND.
  @Test(.needs(.namespaces), arguments: [SIGTSTP, SIGTTIN, SIGTTOU])
  func resumesAsPID1(after signal: Int32) throws {
    // Its group isn't orphaned, so that the kernel lets it stop: swinit is in the same session.
    let run = try Run.swinit(
      "sh", "-c", "trap 'echo again' USR1; echo ready; while :; do sleep 1000 & wait; done",
      at: .processOne)
    try run.expect(line: "ready")
    let (swinit, command) = (try run.swinit(), try run.command())
    for _ in 1...3 {
      try run.signal(signal)
      try run.wait(until: "COMMAND stops") { state(of: command) == "T" }
      #expect(state(of: swinit) != "T")
      try run.signal(SIGCONT)
      try run.wait(until: "COMMAND goes on") { state(of: command) != "T" }
      try run.signal(SIGUSR1)
      try run.expect(line: "again")
    }
    try run.signal(signal)
    try run.wait(until: "COMMAND stops") { state(of: command) == "T" }
    try run.signal(SIGTERM)
    let ending = try run.ending()
    #expect(ending == .exited(128 + SIGTERM))
  }

  @Test(
    "without a terminal, a signal that stops the command leaves swinit running",
    arguments: [SIGTSTP, SIGTTIN, SIGTTOU])
  func resumesAsAPlainProcess(after signal: Int32) throws {
    let run = try Run.swinit(
      "sh", "-c", "trap 'echo again' USR1; echo ready; while :; do sleep 1000 & wait; done",
      at: .plain, birth: [probe, "in-a-job"])
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
  }
}
