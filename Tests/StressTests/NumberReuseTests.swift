import Foundation
import Glibc
import TestSupport
import Testing

/// Process IDs start again at the lowest after the highest. A process that has the command's ID
/// after the command is another one, and so is its group. (`RecycledProcessIDTests` covers
/// forwarding by a plain process.)
@Suite("Reused process IDs", .serialized) struct NumberReuseTests {
  private static let needs: [Need] = [
    .root, .namespaces, .program("strace"), .program("nsenter", package: "util-linux"),
  ]

  /// strace delays swinit's signals and its exit.
  @Test(
    "A process group that takes the command's ID as soon as it is reaped receives no signal at shutdown",
    .needs(needs), arguments: Place.allCases, [["-g"], ["-c"]])
  func atShutdown(at place: Place, _ options: [String]) throws {
    let run = try Run(place.namespaced + [Swinit.path] + options + [probe, "crowd", "1"])
    try run.expect(line: "ready")
    let (swinit, command) = (try run.swinit(), try run.command())
    let delay = try Run([
      "strace", "-o", "/dev/null", "-p", "\(swinit)", "-e", "trace=kill,exit_group", "-e",
      "inject=kill,exit_group:delay_enter=3000000",
    ])
    #expect(try delay.errorLine().contains("attached"))
    let taker = try take(numberOf: command, in: swinit)
    // The command exits when it has received both.
    try check(kill(command, SIGUSR1))
    try run.expect(line: "all")
    try check(kill(command, SIGTERM))
    try taker.expect(line: "taken")
    try run.expect(ending: .exited(7))
    #expect(try taker.outcome().output == "")
  }

  /// With /proc and without.
  @Test(
    "A process that takes the command's ID during the grace period receives no forwarded signal",
    .needs(needs),
    arguments: [(["-k", "1h"], true), (["-c", "-k", "1h"], true), (["-k", "1h"], false)]
      as [([String], Bool)])
  func duringGracePeriod(_ example: (options: [String], hasProc: Bool)) throws {
    let hiding = ["sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"]
    let run = try Run(
      Place.processOne.wrapper + (example.hasProc ? [] : hiding) + [Swinit.path]
        + example.options + [probe, "leave-behind", "3000"])
    try run.expect(line: "rest ready")
    let (swinit, command) = (try run.swinit(), try run.command())
    let number = try number(of: command)
    try check(kill(swinit, SIGTERM))
    #expect(try run.lines(2) == ["COMMAND 15", "rest 15"])
    try run.wait(until: "the command is reaped") { state(of: command) == nil }
    let taker = try take(number, in: swinit)
    try taker.expect(line: "taken")
    for signal in [SIGUSR1, SIGHUP, SIGINT] { try check(kill(swinit, signal)) }
    try run.expect(ending: .exited(7))
    #expect(try taker.outcome().output == "")
  }

  /// The orphan leads a process group.
  @Test(
    "An adopted orphan that has the command's ID receives no forwarded signal, and its status is not swinit's",
    .needs(needs), arguments: Place.allCases)
  func adoptedOrphan(at place: Place) throws {
    let run = try Run(place.namespaced + [Swinit.path, "-k", "1h", probe, "leave-taker"])
    #expect(try run.line().hasSuffix("ready"))
    let (swinit, command) = (try run.swinit(), try run.command())
    let number = try number(of: command)
    let taker = try #require(ProcessTable().children(of: command).first?.id)
    try check(kill(swinit, SIGTERM))
    try run.expect(line: "taken")
    let taken = try #require(
      try ProcessTable().children(of: taker).map(\.id).first { try self.number(of: $0) == number })
    // It is adopted, and the last process that remains.
    try check(kill(taker, SIGKILL))
    try run.wait(until: "the orphan is adopted") { ProcessTable.Entry(taken)?.parent == swinit }
    try check(kill(swinit, SIGHUP))
    try run.wait(until: "swinit has received the signal") {
      let pending = status(of: swinit, "ShdPnd").flatMap { UInt64($0, radix: 16) }
      return pending == 0 && state(of: swinit) == "S"
    }
    try check(kill(taken, SIGUSR2))
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(7))
    // It may have received SIGTERM and SIGCONT, as all descendants do.
    let other = outcome.output.replacing(/taken (15|18)\n/, with: "")
    #expect(other == "taken \(SIGUSR2)\n")
  }

  /// A process in swinit's namespace that is no descendant of swinit and takes a process's ID.
  private func take(numberOf process: pid_t, in swinit: pid_t) throws -> Run {
    try take(number(of: process), in: swinit)
  }

  private func take(_ number: Int, in swinit: pid_t) throws -> Run {
    let run = try Run(["nsenter", "-t", "\(swinit)", "-p", probe, "take-number", "\(number)"])
    try run.expect(line: "ready")
    return run
  }

  /// The ID of a process in its own namespace.
  private func number(of process: pid_t) throws -> Int {
    try #require(status(of: process, "NSpid")?.split(separator: "\t").last.flatMap { Int($0) })
  }
}
