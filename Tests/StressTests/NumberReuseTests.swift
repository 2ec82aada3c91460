import Foundation
import Glibc
import TestSupport
import Testing

/// Numbers of processes begin again at the lowest. What has COMMAND's number after COMMAND isn't
/// COMMAND, nor COMMAND's group. (`RecycledNumberTests` has what a plain process forwards.)
@Suite(.serialized) struct NumberReuseTests {
  private static let needs: [Need] = [
    .root, .namespaces, .program("strace"), .program("nsenter", package: "util-linux"),
  ]

  /// The number is another's group as soon as COMMAND is reaped, before swinit does anything more:
  /// strace delays whatever swinit sends, and its end.
  @Test(.needs(needs), arguments: Place.allCases, [["-g"], ["-c"]])
  func isNotSignalledAtTheEnd(at place: Place, _ options: [String]) throws {
    let run = try Run(place.namespaced + [Swinit.path] + options + [probe, "crowd", "1"])
    try run.expect(line: "ready")
    let (swinit, command) = (try run.swinit(), try run.command())
    let delay = try Run([
      "strace", "-o", "/dev/null", "-p", "\(swinit)", "-e", "trace=kill,exit_group", "-e",
      "inject=kill,exit_group:delay_enter=3000000",
    ])
    #expect(try delay.errorLine().contains("attached"))
    let taker = try take(numberOf: command, in: swinit)
    // COMMAND ends when it has both.
    try check(kill(command, SIGUSR1))
    try run.expect(line: "all")
    try check(kill(command, SIGTERM))
    try taker.expect(line: "taken")
    try run.expect(ending: .exited(7))
    #expect(try taker.outcome().output == "")
  }

  /// The number is another's while swinit waits for what COMMAND left: what is forwarded isn't for
  /// that one, whether swinit can see who is who or not.
  @Test(
    .needs(needs),
    arguments: [(["-k", "1h"], true), (["-c", "-k", "1h"], true), (["-k", "1h"], false)]
      as [([String], Bool)])
  func isNotSignalledAfterwards(_ example: (options: [String], hasProc: Bool)) throws {
    let hiding = ["sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"]
    let run = try Run(
      Place.processOne.wrapper + (example.hasProc ? [] : hiding) + [Swinit.path]
        + example.options + [probe, "leave-behind", "3000"])
    try run.expect(line: "rest ready")
    let (swinit, command) = (try run.swinit(), try run.command())
    let number = try number(of: command)
    try check(kill(swinit, SIGTERM))
    #expect(try run.lines(2) == ["COMMAND 15", "rest 15"])
    try run.wait(until: "COMMAND has gone") { state(of: command) == nil }
    let taker = try take(number, in: swinit)
    try taker.expect(line: "taken")
    for signal in [SIGUSR1, SIGHUP, SIGINT] { try check(kill(swinit, signal)) }
    try run.expect(ending: .exited(7))
    #expect(try taker.outcome().output == "")
  }

  /// The number is that of an orphan, which leads a group: what is forwarded isn't for it, and what
  /// it ends with isn't swinit's status.
  @Test(.needs(needs), arguments: Place.allCases) func isNotCOMMAND(at place: Place) throws {
    let run = try Run(place.namespaced + [Swinit.path, "-k", "1h", probe, "leave-taker"])
    #expect(try run.line().hasSuffix("ready"))
    let (swinit, command) = (try run.swinit(), try run.command())
    let number = try number(of: command)
    let taker = try #require(ProcessTable().children(of: command).first?.id)
    try check(kill(swinit, SIGTERM))
    try run.expect(line: "taken")
    let taken = try #require(
      try ProcessTable().children(of: taker).map(\.id).first { try self.number(of: $0) == number })
    // It is adopted, and the last to be there.
    try check(kill(taker, SIGKILL))
    try run.wait(until: "it is adopted") { ProcessTable.Entry(taken)?.parent == swinit }
    try check(kill(swinit, SIGHUP))
    try run.wait(until: "swinit has taken it") {
      let pending = status(of: swinit, "ShdPnd").flatMap { UInt64($0, radix: 16) }
      return pending == 0 && state(of: swinit) == "S"
    }
    try check(kill(taken, SIGUSR2))
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(7))
    // It may have been told to end, as all descendants are.
    let told = outcome.output.replacing(/taken (15|18)\n/, with: "")
    #expect(told == "taken \(SIGUSR2)\n")
  }

  /// Somebody in swinit's namespace, and no descendant of swinit's, who takes the number of a process.
  private func take(numberOf process: pid_t, in swinit: pid_t) throws -> Run {
    try take(number(of: process), in: swinit)
  }

  private func take(_ number: Int, in swinit: pid_t) throws -> Run {
    let run = try Run(["nsenter", "-t", "\(swinit)", "-p", probe, "take-number", "\(number)"])
    try run.expect(line: "ready")
    return run
  }

  /// The number of a process in its own namespace.
  private func number(of process: pid_t) throws -> Int {
    try #require(status(of: process, "NSpid")?.split(separator: "\t").last.flatMap { Int($0) })
  }
}
