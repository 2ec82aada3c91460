import Foundation
import Glibc
import TestSupport
import Testing

@Suite("swinit's own process state", .mostlyWaits) struct OwnProcessStateTests {
  @Test(
    "swinit runs in / with one thread and only the standard descriptors, and the command keeps what swinit was given",
    arguments: Place.available)
  func inheritedState(at place: Place) throws {
    let run = try Run.swinit(
      "sh", "-c", "echo ready; exec sleep 1000", at: place,
      launcher: ["env", "-C", "/usr", "sh", "-c", "exec 3</etc/passwd 8>&1; exec \"$@\"", "sh"])
    try run.expect(line: "ready")
    let (swinit, command) = (try run.swinit(), try run.command())
    // By then swinit has read the cgroup's memory counter for the first time.
    try run.wait(until: "swinit waits") { waitsIndefinitely(swinit) }
    // A program that is being loaded has a library open.
    try run.wait(until: "the command sleeps") { sleeps(command) }
    #expect(readLink("/proc/\(swinit)/cwd") == "/")
    #expect(try descriptors(of: swinit).others == ["0", "1", "2"])
    #expect(names(in: "/proc/\(swinit)/task") == ["\(swinit)"])
    #expect(readLink("/proc/\(command)/cwd") == "/usr")
    #expect(names(in: "/proc/\(command)/fd") == ["0", "1", "2", "3", "8"])
  }

  @Test(
    "The command leads a process group of its own in swinit's session", arguments: Place.available)
  func processGroup(at place: Place) throws {
    let run = try Run.swinit("sh", "-c", "echo ready; exec sleep 1000", at: place)
    try run.expect(line: "ready")
    let command = try #require(ProcessTable.Entry(run.command()))
    let swinit = try #require(ProcessTable.Entry(run.swinit()))
    #expect(command.group == command.id)
    #expect(command.session == swinit.session)
    #expect(command.parent == swinit.id)
  }

  /// A stopped process shows its mask; one that waits for signals shows none.
  @Test("swinit blocks every signal that can be blocked", arguments: Place.available)
  func signalMask(at place: Place) throws {
    let run = try Run.swinit("sleep", "1000", at: place)
    _ = try run.command()
    let swinit = try run.swinit()
    try check(kill(swinit, SIGSTOP))
    try run.wait(until: "swinit is stopped") { ProcessTable.Entry(swinit)?.state == "T" }
    #expect(status(of: swinit, "SigBlk") == "fffffffffffbfeff")
    #expect(status(of: swinit, "SigCgt") == "0000000000000000")
    #expect(status(of: swinit, "SigIgn") == "0000000000000000")
  }

  @Test("swinit prints nothing when nothing goes wrong", arguments: Place.available)
  func silence(at place: Place) throws {
    let run = try Run.swinit(probe, "orphan", "double-forked", at: place)
    let outcome = try run.outcome()
    #expect(outcome.errors == "")
  }

  private func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
      .sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
  }
}
