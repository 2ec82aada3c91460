import Glibc
import TestSupport
import Testing

@Suite("Signals during startup", .mostlyWaits) struct EarlySignalTests {
  /// It arrives at a random moment of the first 5 ms; once swinit has blocked it, it cannot be
  /// lost.
  @Test(
    "SIGTERM reaches the command even if it arrives while swinit spawns it",
    arguments: Place.available)
  func signalDuringStartup(at place: Place) throws {
    let (count, seed) = (2000, 20_261_121)
    let kind = place == .plain ? "plain" : "namespace"
    let namespace = place == .plain || isRoot ? [] : ["unshare", "-Ur"]
    let command = [Swinit.path, "sleep", "1000"]
    let run = try Run(namespace + [probe, "race-signals", "\(count)", "\(seed)", kind] + command)
    let outcome = try run.outcome(within: 300)
    #expect(outcome == Outcome(ending: .exited(0), output: "\(count) exited 143\n"))
  }

  /// The child's first system call stops it, while swinit waits until it has executed the command.
  @Test(
    "A child that is stopped before it becomes the command does not keep swinit from receiving SIGTERM",
    .needs(.program("strace")))
  func stoppedChild() throws {
    let run = try Run.swinit(
      "sleep", "1000", at: .plain,
      launcher: [
        "strace", "-f", "-qq", "-e", "trace=setpgid", "-e", "signal=none", "-o", "/dev/null", "-e",
        "inject=setpgid:signal=SIGSTOP", "sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh",
      ])
    let swinit = try run.swinit()
    let child = try run.wait(for: "the child") { ProcessTable().children(of: swinit).first }
    try run.wait(until: "the child is stopped") {
      ["T", "t"].contains(state(of: child.id)) && state(of: swinit) == "S"
    }
    try check(kill(swinit, SIGTERM))
    try run.expect(ending: .exited(143))
  }

  /// C libraries reserve 32 to 34; glibc's posix_spawn leaves 32 and 33 ignored.
  @Test(
    "A signal that was pending before swinit started reaches the command",
    arguments: Place.available)
  func signalPendingBeforeStartup(at place: Place) throws {
    for signal in (Swinit.isMusl ? [32, 33] : []) + [SIGTERM, 34] {
      let run = try Run.swinit(
        probe, "members", "1", at: place, launcher: [probe, "with-pending", "\(signal)"])
      try run.expect(line: "0 ready")
      try run.expect(line: "0 \(signal)")
    }
  }
}
